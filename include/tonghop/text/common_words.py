"""Syllables that Vietnamese reports are full of, each with a letter outside ASCII. They weigh more as evidence."""

COMMON_WORDS = """
và của các có được là với đã không những một trong này khi đến về từ đó như để cũng ra sẽ tại vì phải thì nên còn
người năm tháng ngày số tổng cộng tỷ tỉ lệ đạt chiếm trên dưới gần khoảng hơn đầu cuối giữa sau trước giờ tuần quý kỳ
đảng viên bộ ủy ban chấp hành thường vụ bí thư chi cơ sở trực thuộc huyện tỉnh thành phố thị xã phường trấn quận đặc khu
tổ chức cán kiểm điểm tự phê bình tập thể cá nhân lãnh đạo quản lý nghị quyết trung ương khóa chỉ đạo thực hiện kế hoạch
hướng dẫn báo cáo kết quả đánh giá chất lượng xếp loại hoàn thành xuất sắc tốt nhiệm vụ chưa đủ điều kiện kém yếu mạnh
vững sạch tiêu biểu kỷ luật khiển trách cảnh cáo cách khai trừ vi phạm khuyết hạn chế ưu nguyên sửa chữa khắc phục
đồng chí nhà nước nhân dân chính quyền hội đồng mặt trận tổ quốc đoàn thể công liên hiệp phụ nữ nông cựu chiến binh
doanh nghiệp tư đơn vị sự quan cấp trưởng phó phòng sở ngành tòa án viện sát thanh tra giám thống kê tuyên giáo vận nội
gửi xem xét giải pháp đề xuất kiến ý lần thứ nhất hai bước đợt đối tượng phần nhiều ít lớn nhỏ mới cũ cao thấp tăng giảm
họ tên sinh địa chỉ điện thoại ghi chú mục tiêu chuẩn nội dung hình thức thời gian bắt đầu kết thúc hội họp dự thảo luận
đại biểu bầu cử nhiệm kỳ ứng chuyển nghỉ hưu bổ sung tuyển dụng đào tạo bồi dưỡng học tập tưởng đạo đức lối sống văn hóa
kinh tế xã phát triển nghèo hộ gia đình dân tộc tôn vùng miền núi biển đảo biên giới đồng bằng sông hồ đất rừng nước
giáo dục y tế bệnh trường lớp cầu đường điện thủy lợi thương mại dịch nông lâm ngư xây dựng môi tài ngân sách thuế tiền
triệu tỷ nghìn đồng vốn đầu tư dự án tiến độ thi hành pháp luật quy định nghị thông tư quyết định chỉ thị văn bản
khối lực lượng vũ trang quân sự sĩ quan chiến công an bảo vệ phòng chống tham nhũng lãng phí tiêu cực tội phạm ma túy
diễn biến hòa suy thoái trị niềm tin gương mẫu đoàn kết thống dân chủ nguyên tắc tập khách thẳng thắn nghiêm túc cầu thị
mọi từng mỗi cả đều cùng việc làm rất nhưng nếu bị do bởi vào lên xuống lại nữa nào gì đâu ai ấy bằng theo giúp cho qua
nghĩa chủ việt độc lập hạnh phúc cộng hòa tự do hồ chí nguyễn trần lê phạm hoàng huỳnh vũ võ đặng bùi đỗ ngô dương lý
hà nội hải đà nẵng cần thơ huế bắc giang kạn cạn liêu ninh bến tre định bình phước thuận cà mau cao đắk lắk nông điện
biên đồng nai tháp lai hậu hòa hưng yên khánh kiên lâm lạng sơn lào cai nghệ phú thọ quảng ngãi trị sóc trăng tây thái
thừa thiên tiền trà vĩnh phúc bái vũng tàu rịa tuyên long hương mỹ tân phong thủy đức lộc hợp thịnh lợi trung tiến thắng
đông nam châu giao hữu kim ngọc bảo chánh lạc lương mường nậm phìn pả sìn hồ tả lùng chải bản thôn ấp tổ buôn làng khóm
"""
