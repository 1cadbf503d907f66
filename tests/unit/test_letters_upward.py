"""Mails to leaders, supervisors, reviewers and the coordinator, each asserted whole."""

from dataclasses import replace
from datetime import date

from duban.domain.terms import MailKind, Role, TaskKind
from letters import COORDINATOR, at, letter, panel, plan, subject_and_text, table, under_review
from notifications.letter import Person, Planned, Summary, Todo, Undelivered

LEADER = Person(name="周副局长", email="leader@changchun.example")
ISSUER = {"to": COORDINATOR, "unit_name": "吉林省教育厅", "thread_id": None}
SUMMARY = Summary(
    to=COORDINATOR,
    unit_name="吉林省教育厅",
    sender_name="吉林省教育厅职成处",
    next_workday=date(2021, 10, 9),
    next_hint="调休上班",
    planned=(
        Planned(
            unit_name="长春市教育局",
            person_name="石老师",
            role=Role.CLERK,
            kind=MailKind.OVERDUE,
            items=("活动周工作方案", "展板素材"),
        ),
    ),
    todos=(Todo(kind=TaskKind.TELEPHONE, unit_name="白城市教育局", text="工作方案已逾期10个工作日。"),),
    undelivered=(
        Undelivered(
            unit_name="通化市教育局",
            person_name="何老师",
            subject="【报送提醒·还有3个工作日】示范活动汇总表",
            reason="收件地址被拒（550 User not found）",
        ),
    ),
    figures=(("应报", 36), ("已报", 21), ("逾期", 3)),
    url="https://duban.example/",
    message_id="<s1@duban.example>",
    now=at("2021-10-08 16:30"),
)


def test_a_leader_gets_one_table_and_three_sentences() -> None:
    made = letter(MailKind.ESCALATION, "2021-10-11 09:00", plan(-3), role=Role.LEADER, to=LEADER, url=None)
    assert subject_and_text(made) == (
        "【提请督促·已逾期3个工作日】活动周工作方案，9月28日截止｜长春市教育局 [T7K2-9QXM]",
        """\
长春市教育局活动周工作方案尚未报送，9月28日（周二）截止，已逾期3个工作日。

尊敬的周副局长：

截至10月11日 9:00，贵单位下列材料尚未收到。恭请关注，并请督促有关同志尽早报送。如有特殊情况，请告知我们。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

1. 活动周工作方案，9月28日截止，已逾期3个工作日

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年10月11日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
""",
    )


def test_a_supervisor_sees_units_in_the_order_given() -> None:
    made = letter(
        MailKind.ESCALATION,
        "2021-10-22 09:00",
        table(-5, unit_name="朝阳区教育局"),
        panel(-5, unit_name="朝阳区教育局"),
        plan(-14, unit_name="南关区教育局"),
        role=Role.SUPERVISOR,
        to=Person(name="梁处长", email="chief@changchun.example"),
    )
    assert subject_and_text(made) == (
        "【提请督促·最长逾期14个工作日】所辖2个单位3项材料，9月28日截止｜长春市教育局 [T7K2-9QXM]",
        """\
所辖2个单位尚有3项材料未报，最早9月28日（周二）截止，已逾期14个工作日。

尊敬的梁处长：

截至10月22日 9:00，贵单位所辖下列单位的材料尚未收到。恭请关注，并请督促。如有特殊情况，请告知我们。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

朝阳区教育局
1. 示范活动汇总表，10月15日截止，已逾期5个工作日
2. 展板素材，10月15日截止，已逾期5个工作日

南关区教育局
1. 活动周工作方案，9月28日截止，已逾期14个工作日

查看报送情况：
https://duban.example/u/x8f2

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年10月22日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
""",
    )


def test_a_reviewer_is_told_of_arrivals() -> None:
    made = letter(
        MailKind.REMINDER,
        "2021-10-13 09:00",
        under_review(panel(0), "长春市教育局", 3),
        replace(under_review(plan(0), "四平市教育局", 3), round=2),
        **ISSUER,
    )
    assert subject_and_text(made) == (
        "【请审核】长春市教育局等2个单位2项材料，10月18日前｜吉林省教育厅 [T7K2-9QXM]",
        """\
请于10月18日（周一）前审核长春市教育局等2个单位报送的2项材料。

张老师，您好：

下列材料已报送，请予审核。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

审核期限：10月18日前（系统按10月18日 周一 24时计，含当日），还有3个工作日
报送时间：10月12日 15:20
1. 长春市教育局：展板素材
   要求：题目20字内；内容500字左右；图片6张，逐张命名
2. 四平市教育局：活动周工作方案
   说明：第2次报送

打开审核页面：
https://duban.example/u/x8f2

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年10月13日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
""",
    )


def test_a_slow_reviewer_is_asked_as_politely() -> None:
    made = letter(MailKind.OVERDUE, "2021-10-19 09:00", under_review(panel(0), "长春市教育局", -1), **ISSUER)
    assert subject_and_text(made) == (
        "【请审核·已逾期1个工作日】长春市教育局展板素材，10月18日截止｜吉林省教育厅 [T7K2-9QXM]",
        """\
10月18日（周一）应审结的展板素材尚待审核，已逾期1个工作日。

张老师，您好：

下列材料尚待审核，烦请拨冗处理，以便及时回复报送单位。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

审核期限：10月18日前（系统按10月18日 周一 24时计，含当日），已逾期1个工作日
1. 长春市教育局：展板素材
   报送时间：10月12日 15:20
   要求：题目20字内；内容500字左右；图片6张，逐张命名

打开审核页面：
https://duban.example/u/x8f2

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年10月19日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
""",
    )


def test_who_owes_and_reviews_gets_one_mail() -> None:
    made = letter(MailKind.REMINDER, "2021-10-14 09:00", table(1), under_review(plan(0), "朝阳区教育局", 2))
    assert subject_and_text(made) == (
        "【报送提醒·还有1个工作日】示范活动汇总表，10月15日前｜长春市教育局 [T7K2-9QXM]",
        """\
请于10月15日（周五）前报送示范活动汇总表，还有1个工作日。

石老师，您好：

下列材料临近报送期限，特此提醒。如已寄出，不必重复报送。另有待您审核的材料，列在其后。

《关于举办2021年全民终身学习活动周的通知》吉教职成〔2021〕25号

截止：10月15日前（系统按10月15日 周五 24时计，含当日），还有1个工作日
1. 示范活动汇总表
   要求：附表1，可超过10项
   报送：电子版 → jlqmx@126.com

审核期限：10月18日前（系统按10月18日 周一 24时计，含当日），还有2个工作日
2. 朝阳区教育局：活动周工作方案
   报送时间：10月12日 15:20

报送方式
· 打开报送页面上传，无须注册或登录。
· 直接回复本邮件并附材料，请勿改动主题中的编号 [T7K2-9QXM]。

打开报送页面：
https://duban.example/u/x8f2

咨询：吉林省教育厅职成处，电话：0431-5550101，工作日 8:30—11:30、13:30—17:00

吉林省教育厅职成处
2021年10月14日

本邮件由系统代吉林省教育厅职成处发送，直接回复即可联系经办人张老师。
材料报齐后不再发送提醒。
""",
    )


def test_the_summary_of_the_day() -> None:
    made = SUMMARY
    assert subject_and_text(made) == (
        "【每日小结】10月9日将发邮件1封，待办1项，未送达1封｜吉林省教育厅",
        """\
10月9日（周六，调休上班）9时将发邮件1封，待办1项，未送达1封。

张老师，您好：

截至10月8日 16:30：应报36，已报21，逾期3。如有已收到或不宜提醒的，请在工作台暂缓。

10月9日将发送
· 长春市教育局 石老师（填报人）：逾期催报，活动周工作方案、展板素材

待办
· 电话联系：白城市教育局，工作方案已逾期10个工作日。

未送达
· 通化市教育局 何老师：【报送提醒·还有3个工作日】示范活动汇总表，收件地址被拒（550 User not found）

打开工作台：
https://duban.example/

吉林省教育厅职成处
2021年10月8日

本邮件只发经办人，仅供内部掌握。
""",
    )


def test_a_quiet_summary() -> None:
    made = replace(SUMMARY, planned=(), todos=(), undelivered=(), figures=(), next_hint="")
    assert subject_and_text(made) == (
        "【每日小结】10月9日将发邮件0封，待办0项，未送达0封｜吉林省教育厅",
        """\
10月9日（周六）没有要发的邮件，待办0项，未送达0封。

张老师，您好：

没有需要处理的事项。

打开工作台：
https://duban.example/

吉林省教育厅职成处
2021年10月8日

本邮件只发经办人，仅供内部掌握。
""",
    )
