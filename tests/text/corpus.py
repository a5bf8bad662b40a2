"""Vietnamese of our own for the tests of encodings: prose of the genre, and pieces cut from it."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from tonghop.text import cp1258, tcvn3, vni

PROSE = """Báo cáo tình hình tổ chức kiểm điểm tự phê bình và phê bình theo Nghị quyết Trung ương 4 khóa XI.
Đến ngày 30-6-2012, toàn tỉnh có 67/73 cơ quan, đơn vị trực thuộc xây dựng xong kế hoạch, đạt tỷ lệ 91,78%.
Ban Thường vụ Tỉnh ủy chỉ đạo điểm 15 đảng bộ cấp huyện; còn 08 xã chưa gửi bản kiểm điểm về Ban Tổ chức.
Các cấp ủy đã nghiêm túc chuẩn bị nội dung, lấy ý kiến góp ý của nhân dân, mặt trận và đoàn thể ở nơi cư trú.
Số đảng viên được đánh giá hoàn thành xuất sắc nhiệm vụ là 3.484 đồng chí, chiếm gần một phần năm tổng số.
Một số nơi vẫn nể nang, ngại va chạm; việc khắc phục khuyết điểm sau kiểm điểm tiến hành chậm, thiếu kiên quyết.
Đề nghị các huyện ủy, thành ủy, đảng ủy trực thuộc báo cáo bổ sung số liệu còn thiếu trước ngày 15 tháng 9.
Trong đó có hai chi bộ quân sự, bảy tổ chức cơ sở đảng trong doanh nghiệp nhà nước và một chi bộ trường học.
Qua kiểm tra phát hiện dấu hiệu vi phạm ở Đảng bộ xã Phước Thuận, thị trấn Củ Chi và phường Mỹ Đình, kỷ luật 5 người.
Kết quả bỏ phiếu tín nhiệm: rất cao, cao, thấp; mức trung bình của tập thể lãnh đạo đạt khá so với cùng kỳ năm trước.
Thời tiết mưa lũ ở vùng núi phía Bắc làm chậm tiến độ, nhiều cuộc họp phải hoãn sang quý sau, giao thông khó khăn.
Người lập biểu ký, ghi rõ họ tên; thủ trưởng cơ quan đóng dấu; nơi nhận như trên, lưu văn phòng cấp ủy.
Huyện Sơn Tịnh, tỉnh Quảng Ngãi; quận Hải Châu, thành phố Đà Nẵng; thị xã Từ Sơn; xã Cẩm Giàng; phường Ô Chợ Dừa.
Hộ nghèo giảm từ mười hai xuống chín phần trăm, thu nhập bình quân tăng nhờ trồng chè, cà phê, hồ tiêu và nuôi cá.
Chỉ tiêu kết nạp đảng viên mới của khối các trường đại học vượt kế hoạch; lớp bồi dưỡng cảm tình đảng mở đều đặn.
Bí thư, phó bí thư và ủy viên tự nhận hình thức phê bình, khiển trách hoặc cảnh cáo tùy theo mức độ khuyết điểm."""

HEADINGS = """Tổng số đảng viên|Số tổ chức cơ sở đảng|Tỷ lệ đánh giá|Cơ quan, đơn vị|Đã xây dựng kế hoạch|Chưa kiểm điểm
Số thứ tự đơn vị|Tên đơn vị báo cáo|Hoàn thành tốt nhiệm vụ|Không hoàn thành nhiệm vụ|Tập thể thường trực cấp ủy
Kết quả xếp loại|Đảng bộ cấp huyện|Chi bộ trực thuộc|Số lượng, tỷ lệ phần trăm|Ghi chú của đơn vị|Kỳ báo cáo tháng
Trong đó nữ|Người lập biểu ký tên|Cùng kỳ năm trước|Biểu tổng hợp số liệu|Thời gian gửi báo cáo|Số văn bản ban hành
Cộng toàn tỉnh|Đảng viên bị kỷ luật|Được phân công công tác|Miễn sinh hoạt đảng|Dân tộc thiểu số|Tôn giáo, tín ngưỡng"""

ENCODERS: dict[str, Callable[[str], bytes]] = {
    "tcvn3": tcvn3.encode, "vni": vni.encode, "windows-1258": cp1258.encode,
}


def headings() -> list[str]:
    return HEADINGS.replace("\n", "|").split("|")


def typable(text: str) -> str:
    """A text as typed in an ABC font without capitals: capitals with a tone are small."""
    return "".join(sign if sign in tcvn3.BYTES.values() or sign.isascii() else sign.lower() for sign in text)


def short_texts(count: int, seed: int) -> list[str]:
    """Pieces of three to seven words, at least one of them outside ASCII: what a heading or a note is like."""
    chance, words, found = random.Random(seed), PROSE.split(), set(headings())
    while len(found) < count:
        start, length = chance.randrange(len(words) - 7), chance.randint(3, 7)
        piece = " ".join(words[start : start + length])
        if not piece.isascii():
            found.add(piece)
    return sorted(found)


def long_texts(count: int, seed: int) -> list[str]:
    """Pages of five to fifteen lines of prose and table rows."""
    chance, lines, pages = random.Random(seed), PROSE.split("\n"), []
    for _ in range(count):
        rows = [f"{at}\t{chance.choice(headings())}\t{chance.randint(1, 9999)}\t{chance.random():.4f}" for at in range(4)]
        pages.append("\n".join(chance.sample(lines, chance.randint(2, 12)) + rows))
    return pages


def letters() -> str:
    """Every letter of Vietnamese outside ASCII, small, composed: 67 of them with all tones."""
    bare = "aăâeêioôơuưy"
    toned = [unicodedata.normalize("NFC", vowel + tone) for vowel in bare for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")]
    return "".join(sorted({letter for letter in toned if not letter.isascii()} | {"đ"}))
