"""Mails that leave at the moment of an act, each asserted whole."""

from dataclasses import replace
from datetime import date

from duban.domain.terms import MailKind, Status
from letters import PEER, at, closing, letter, midnight_after, panel, plan, section, subject_and_text, table
from notifications.letter import Filed

RETURNED = panel(
    4,
    status=Status.RETURNED,
    round=2,
    due_text_printed="",
    due_day=date(2021, 10, 20),
    due_at=midnight_after(date(2021, 10, 20)),
    reason="1. 正文仅320字，请补充到500字左右。\n2. 图片只有4张，还差2张；请逐张命名。",
)


def test_a_return() -> None:
    made = letter(MailKind.RETURNED, "2021-10-14 16:05", RETURNED)
    assert subject_and_text(made) == (
        "【退回补正】展板素材，10月20日前补正｜长春市教育局 [T7K2-9QXM]",
        """\
请于10月20日（周三）前补正并重新报送展板素材。

石老师，您好：

贵单位报送的下列材料已审阅，请按所附意见补正后重新报送。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

补正期限：10月20日前（系统按10月20日 周三 24时计，含当日），还有4个工作日
1. 展板素材
   意见：1. 正文仅320字，请补充到500字左右。
      2. 图片只有4张，还差2张；请逐张命名。
   要求：题目20字内；内容500字左右；图片6张，逐张命名
   报送：电子版 → jlqmx@126.com

报送方式
· 打开报送页面上传，无须注册或登录。
· 直接回复本邮件并附材料，请勿改动主题中的编号 [T7K2-9QXM]。

打开报送页面：
https://duban.example/u/x8f2

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年10月14日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
""",
    )


def test_a_return_to_a_peer_is_a_request() -> None:
    made = letter(MailKind.RETURNED, "2021-10-14 16:05", RETURNED, **PEER)
    assert subject_and_text(made) == (
        "【请修改后再报】展板素材，10月20日前｜吉林开放大学 [T7K2-9QXM]",
        """\
请于10月20日（周三）前将展板素材修改后再报。

石老师，您好：

贵单位报送的下列材料已拜阅，烦请参照所附意见修改后再报。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

再报期限：10月20日前（系统按10月20日 周三 24时计，含当日），还有4个工作日
1. 展板素材
   意见：1. 正文仅320字，请补充到500字左右。
      2. 图片只有4张，还差2张；请逐张命名。
   要求：题目20字内；内容500字左右；图片6张，逐张命名
   报送：电子版 → jlqmx@126.com

报送方式
· 打开报送页面上传，无须注册或登录。
· 直接回复本邮件并附材料，请勿改动主题中的编号 [T7K2-9QXM]。

打开报送页面：
https://duban.example/u/x8f2

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年10月14日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
""",
    )


def test_a_receipt() -> None:
    made = letter(
        MailKind.RECEIVED,
        "2021-10-12 15:21",
        sections=(
            section(
                table(
                    3,
                    status=Status.SUBMITTED,
                    submitted_at=at("2021-10-12 15:20"),
                    receipt="R000037",
                    files=(
                        Filed(name="示范活动汇总表.xlsx", size=24576, sha256="9f86d081884c7d65" * 4),
                        Filed(name="盖章扫描.pdf", size=1887436, sha256="60303ae22b998861" * 4),
                    ),
                ),
                also_open=(panel(3),),
            ),
        ),
    )
    assert subject_and_text(made) == (
        "【已收到】示范活动汇总表｜长春市教育局 [T7K2-9QXM]",
        """\
已收到示范活动汇总表，报送时间10月12日 15:20。

石老师，您好：

贵单位报送的下列材料已收到，感谢支持。审核中如有问题，会及时与您联系。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

1. 示范活动汇总表（已报待审）
   报送时间：10月12日 15:20
   回执号：R000037
   期限：10月15日前（系统按10月15日 周五 24时计，含当日）
   文件：示范活动汇总表.xlsx（24 KB，校验码 9f86d081884c）
      盖章扫描.pdf（1.8 MB，校验码 60303ae22b99）

其他待报送材料
· 10月15日前（系统按10月15日 周五 24时计，含当日）：展板素材

查看报送记录：
https://duban.example/u/x8f2

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年10月12日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
""",
    )


def test_a_receipt_of_what_came_late_says_so_calmly() -> None:
    made = letter(
        MailKind.RECEIVED,
        "2021-09-30 09:01",
        plan(-2, status=Status.SUBMITTED, submitted_at=at("2021-09-30 09:00"), is_nil=True),
    )
    assert subject_and_text(made) == (
        "【已收到】活动周工作方案｜长春市教育局 [T7K2-9QXM]",
        """\
已收到活动周工作方案，报送时间9月30日 9:00。

石老师，您好：

贵单位报送的下列材料已收到，感谢支持。审核中如有问题，会及时与您联系。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

1. 活动周工作方案（已报待审）
   报送时间：9月30日 9:00，零报告
   期限：9月28日前（系统按9月28日 周二 24时计，含当日）
   说明：晚于截止时间，记为逾期报送

查看报送记录：
https://duban.example/u/x8f2

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年9月30日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
""",
    )


def test_a_date_changed() -> None:
    made = letter(
        MailKind.DATE_CHANGED,
        "2021-11-30 11:00",
        *(
            replace(
                made,
                due_text_printed="12月20日前",
                due_day=date(2021, 12, 20),
                due_at=midnight_after(date(2021, 12, 20)),
                old_due_day=made.due_day,
            )
            for made in closing(14)
        ),
        note="依据：《补充通知》（吉教职成函〔2021〕31号）。",
    )
    assert subject_and_text(made) == (
        "【期限调整】年度工作总结等2项材料，改为12月20日前｜长春市教育局 [T7K2-9QXM]",
        """\
截止日由12月10日（周五）改为12月20日（周一）：年度工作总结等2项材料。

石老师，您好：

下列材料的报送期限已作调整，请以本邮件为准，此前通知的期限不再执行。

依据：《补充通知》（吉教职成函〔2021〕31号）。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

新的期限：12月20日前（系统按12月20日 周一 24时计，含当日）
原定：12月10日（周五）
报送：电子版 → jlqmx@126.com
1. 年度工作总结
2. 典型活动案例

报送方式
· 打开报送页面上传，无须注册或登录。
· 直接回复本邮件并附材料，请勿改动主题中的编号 [T7K2-9QXM]。
· 附件 deadlines.ics 可将截止日加入日历。

打开报送页面：
https://duban.example/u/x8f2

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年11月30日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
""",
    )
