"""Tổng hợp: returns of many units, rolled up a dated hierarchy, judged before they are published."""
