"""The whole season of each of the six notices when nobody acts: who was told what on which day, as one literal.

A line reads: when | kind | as what role | which materials on which rung → to whom. ``role@unit`` is a person who
stands in for a role that nobody holds; ``chief(11 units)`` is the issuer's chief with one table of eleven units.
"""

from pathlib import Path

from duban.bootstrap import throw_away
from duban.reading.definitions import read_definition
from duban.reading.units import read_units
from stories import Replayed, live, season, told_tasks

NOTICES = Path(__file__).resolve().parents[2] / "flows" / "notices"


def lived(name: str) -> Replayed:
    """The season to the end of January, without a single act."""
    with throw_away() as (engine, sender):
        definition = read_definition(NOTICES / f"{name}.yaml")
        return live(engine, sender, definition, read_units(NOTICES / f"{name}.units.csv"), until="2022-01-31 12:00")


JILIN_CHIEFS_10 = "baicheng baishan changbaishan changchun jilin siping songyuan tonghua yanbian leader@liaoyuan"
JILIN_CLERKS_11 = (
    "chief@meihekou baicheng baishan changbaishan changchun jilin liaoyuan siping songyuan tonghua yanbian"
)
JILIN_LEADERS_10 = "baishan changbaishan changchun jilin liaoyuan meihekou siping songyuan tonghua yanbian"
JILIN_UNITS_11 = "changchun jilin siping liaoyuan tonghua baishan songyuan baicheng yanbian changbaishan meihekou"


def test_the_season_of_jilin() -> None:
    told = lived("jilin-2021-25")
    assert (
        season(told.story)
        == f"""
2021-09-24 10:00 | notice | chief | scheme, demo-table, panel, advanced-unit, advanced-person, summary, photos, cases → {JILIN_CHIEFS_10}
2021-09-24 10:00 | notice | clerk | scheme, demo-table, panel, advanced-unit, advanced-person, summary, photos, cases → {JILIN_CLERKS_11}
2021-09-27 09:00 | reminder | clerk | scheme due-1 → {JILIN_CLERKS_11}
2021-09-28 09:00 | reminder | clerk | scheme due-0 → {JILIN_CLERKS_11}
2021-09-29 09:00 | overdue | chief | scheme late-1 → {JILIN_CHIEFS_10}
2021-09-29 09:00 | overdue | clerk | scheme late-1 → {JILIN_CLERKS_11}
2021-09-30 09:00 | reminder | clerk | demo-table due-7, panel due-7, advanced-unit due-7, advanced-person due-7 → {JILIN_CLERKS_11}
2021-10-09 09:00 | escalation | clerk | scheme late-3 → {JILIN_CLERKS_11}
2021-10-09 09:00 | escalation | leader | scheme late-3 → {JILIN_LEADERS_10}
2021-10-11 09:00 | escalation | supervisor | scheme late-5 → chief(11 units)
2021-10-11 09:00 | escalation | clerk | scheme late-5 → {JILIN_CLERKS_11}
2021-10-12 09:00 | reminder | clerk | demo-table due-3, panel due-3, advanced-unit due-3, advanced-person due-3 → {JILIN_CLERKS_11}
2021-10-14 09:00 | reminder | clerk | demo-table due-1, panel due-1, advanced-unit due-1, advanced-person due-1 → {JILIN_CLERKS_11}
2021-10-15 09:00 | reminder | clerk | demo-table due-0, panel due-0, advanced-unit due-0, advanced-person due-0 → {JILIN_CLERKS_11}
2021-10-18 09:00 | overdue | chief | demo-table late-1, panel late-1, advanced-unit late-1, advanced-person late-1 → {JILIN_CHIEFS_10}
2021-10-18 09:00 | overdue | clerk | demo-table late-1, panel late-1, advanced-unit late-1, advanced-person late-1 → {JILIN_CLERKS_11}
2021-10-20 09:00 | escalation | clerk | demo-table late-3, panel late-3, advanced-unit late-3, advanced-person late-3 → {JILIN_CLERKS_11}
2021-10-20 09:00 | escalation | leader | demo-table late-3, panel late-3, advanced-unit late-3, advanced-person late-3 → {JILIN_LEADERS_10}
2021-10-22 09:00 | escalation | supervisor | demo-table late-5, panel late-5, advanced-unit late-5, advanced-person late-5 → chief(11 units)
2021-10-22 09:00 | escalation | clerk | demo-table late-5, panel late-5, advanced-unit late-5, advanced-person late-5 → {JILIN_CLERKS_11}
2021-12-01 09:00 | reminder | clerk | summary due-7, photos due-7, cases due-7 → {JILIN_CLERKS_11}
2021-12-07 09:00 | reminder | clerk | summary due-3, photos due-3, cases due-3 → {JILIN_CLERKS_11}
2021-12-09 09:00 | reminder | clerk | summary due-1, photos due-1, cases due-1 → {JILIN_CLERKS_11}
2021-12-10 09:00 | reminder | clerk | summary due-0, photos due-0, cases due-0 → {JILIN_CLERKS_11}
2021-12-13 09:00 | overdue | chief | summary late-1, photos late-1, cases late-1 → {JILIN_CHIEFS_10}
2021-12-13 09:00 | overdue | clerk | summary late-1, photos late-1, cases late-1 → {JILIN_CLERKS_11}
2021-12-15 09:00 | escalation | clerk | summary late-3, photos late-3, cases late-3 → {JILIN_CLERKS_11}
2021-12-15 09:00 | escalation | leader | summary late-3, photos late-3, cases late-3 → {JILIN_LEADERS_10}
2021-12-17 09:00 | escalation | supervisor | summary late-5, photos late-5, cases late-5 → chief(11 units)
2021-12-17 09:00 | escalation | clerk | summary late-5, photos late-5, cases late-5 → {JILIN_CLERKS_11}
""".strip()
    )
    assert (
        told_tasks(told.story)
        == f"""
2021-10-09 | contact_gap | — → baicheng
2021-10-18 | telephone | scheme → {JILIN_UNITS_11}
2021-10-29 | telephone | demo-table → {JILIN_UNITS_11}
2021-10-29 | telephone | panel → {JILIN_UNITS_11}
2021-10-29 | telephone | advanced-unit → {JILIN_UNITS_11}
2021-10-29 | telephone | advanced-person → {JILIN_UNITS_11}
2021-12-24 | telephone | summary → {JILIN_UNITS_11}
2021-12-24 | telephone | photos → {JILIN_UNITS_11}
2021-12-24 | telephone | cases → {JILIN_UNITS_11}
""".strip()
    )
    assert len(told.ledger) == 88


MOE_CHIEFS_37 = (
    "dalian anhui-edu beijing-edu bingtuan-edu chongqing-edu fujian-edu gansu-edu guangdong-edu "
    "guangxi-edu guizhou-edu hainan-edu hebei-edu heilongjiang-edu henan-edu hubei-edu hunan-edu "
    "jiangsu-edu jiangxi-edu jilin-edu liaoning-edu neimenggu-edu ningxia-edu qinghai-edu shaanxi-edu "
    "shandong-edu shanghai-edu shanxi-edu sichuan-edu tianjin-edu xinjiang-edu xizang-edu yunnan-edu "
    "zhejiang-edu ningbo qingdao shenzhen xiamen"
)
MOE_LEADERS_19 = (
    "dalian beijing-edu chongqing-edu fujian-edu gansu-edu guangdong-edu hebei-edu heilongjiang-edu "
    "hubei-edu hunan-edu jilin-edu liaoning-edu shandong-edu shanghai-edu shanxi-edu yunnan-edu "
    "zhejiang-edu shenzhen xiamen"
)
MOE_UNITS_18 = (
    "tianjin-edu neimenggu-edu jiangsu-edu anhui-edu jiangxi-edu henan-edu guangxi-edu hainan-edu "
    "sichuan-edu guizhou-edu xizang-edu shaanxi-edu qinghai-edu ningxia-edu xinjiang-edu ningbo qingdao "
    "bingtuan-edu"
)
MOE_UNITS_37 = (
    "beijing-edu tianjin-edu hebei-edu shanxi-edu neimenggu-edu liaoning-edu jilin-edu heilongjiang-edu "
    "shanghai-edu jiangsu-edu zhejiang-edu anhui-edu fujian-edu jiangxi-edu shandong-edu henan-edu "
    "hubei-edu hunan-edu guangdong-edu guangxi-edu hainan-edu chongqing-edu sichuan-edu guizhou-edu "
    "yunnan-edu xizang-edu shaanxi-edu gansu-edu qinghai-edu ningxia-edu xinjiang-edu dalian ningbo "
    "xiamen qingdao shenzhen bingtuan-edu"
)


def test_the_season_of_moe() -> None:
    told = lived("moe-2021-20")
    assert (
        season(told.story)
        == f"""
2021-09-08 10:00 | notice | chief | scheme, stars, brands, summary, cases → {MOE_CHIEFS_37}
2021-09-08 10:00 | notice | clerk | scheme, stars, brands, summary, cases → {MOE_CHIEFS_37}
2021-09-09 09:00 | reminder | clerk | scheme due-1, stars due-1, brands due-1 → {MOE_CHIEFS_37}
2021-09-10 09:00 | reminder | clerk | scheme due-0, stars due-0, brands due-0 → {MOE_CHIEFS_37}
2021-09-13 09:00 | overdue | chief | scheme late-1, stars late-1, brands late-1 → {MOE_CHIEFS_37}
2021-09-13 09:00 | overdue | clerk | scheme late-1, stars late-1, brands late-1 → {MOE_CHIEFS_37}
2021-09-15 09:00 | escalation | clerk | scheme late-3, stars late-3, brands late-3 → {MOE_CHIEFS_37}
2021-09-15 09:00 | escalation | leader | scheme late-3, stars late-3, brands late-3 → {MOE_LEADERS_19}
2021-09-17 09:00 | escalation | supervisor | scheme late-5, stars late-5, brands late-5 → chief(37 units)
2021-09-17 09:00 | escalation | clerk | scheme late-5, stars late-5, brands late-5 → {MOE_CHIEFS_37}
2021-12-09 09:00 | reminder | clerk | summary due-7, cases due-7 → {MOE_CHIEFS_37}
2021-12-15 09:00 | reminder | clerk | summary due-3, cases due-3 → {MOE_CHIEFS_37}
2021-12-17 09:00 | reminder | clerk | summary due-1, cases due-1 → {MOE_CHIEFS_37}
2021-12-20 09:00 | reminder | clerk | summary due-0, cases due-0 → {MOE_CHIEFS_37}
2021-12-21 09:00 | overdue | chief | summary late-1, cases late-1 → {MOE_CHIEFS_37}
2021-12-21 09:00 | overdue | clerk | summary late-1, cases late-1 → {MOE_CHIEFS_37}
2021-12-23 09:00 | escalation | clerk | summary late-3, cases late-3 → {MOE_CHIEFS_37}
2021-12-23 09:00 | escalation | leader | summary late-3, cases late-3 → {MOE_LEADERS_19}
2021-12-27 09:00 | escalation | supervisor | summary late-5, cases late-5 → chief(37 units)
2021-12-27 09:00 | escalation | clerk | summary late-5, cases late-5 → {MOE_CHIEFS_37}
""".strip()
    )
    assert (
        told_tasks(told.story)
        == f"""
2021-09-15 | contact_gap | — → {MOE_UNITS_18}
2021-09-26 | telephone | scheme → {MOE_UNITS_37}
2021-09-26 | telephone | stars → {MOE_UNITS_37}
2021-09-26 | telephone | brands → {MOE_UNITS_37}
2022-01-05 | telephone | summary → {MOE_UNITS_37}
2022-01-05 | telephone | cases → {MOE_UNITS_37}
""".strip()
    )
    assert len(told.ledger) == 185


SHANXI_CHIEFS_11 = "changzhi datong jincheng jinzhong linfen lvliang taiyuan xinzhou yangquan yuncheng leader@shuozhou"
SHANXI_CHIEFS_6 = (
    "shanxi-caijing-daxue shanxi-daxue shanxi-gongcheng-zhiye-xueyuan shanxi-zhiye-jishu-xueyuan "
    "taiyuan-chengshi-zhiye-jishu-xueyuan taiyuan-ligong-daxue"
)
SHANXI_CLERKS_11 = "changzhi datong jincheng jinzhong linfen lvliang shuozhou taiyuan xinzhou yangquan yuncheng"
SHANXI_LEADERS_10 = "changzhi datong jinzhong linfen lvliang shuozhou taiyuan xinzhou yangquan yuncheng"
SHANXI_CLERKS_17 = (
    "changzhi datong jincheng jinzhong linfen lvliang shanxi-caijing-daxue shanxi-daxue "
    "shanxi-gongcheng-zhiye-xueyuan shanxi-zhiye-jishu-xueyuan shuozhou "
    "taiyuan-chengshi-zhiye-jishu-xueyuan taiyuan-ligong-daxue taiyuan xinzhou yangquan yuncheng"
)
SHANXI_CHIEFS_17 = (
    "changzhi datong jincheng jinzhong linfen lvliang shanxi-caijing-daxue shanxi-daxue "
    "shanxi-gongcheng-zhiye-xueyuan shanxi-zhiye-jishu-xueyuan taiyuan-chengshi-zhiye-jishu-xueyuan "
    "taiyuan-ligong-daxue taiyuan xinzhou yangquan yuncheng leader@shuozhou"
)
SHANXI_UNITS_11 = "taiyuan datong yangquan changzhi jincheng shuozhou jinzhong yuncheng xinzhou linfen lvliang"
SHANXI_UNITS_6 = (
    "shanxi-daxue taiyuan-ligong-daxue shanxi-caijing-daxue shanxi-gongcheng-zhiye-xueyuan "
    "shanxi-zhiye-jishu-xueyuan taiyuan-chengshi-zhiye-jishu-xueyuan"
)


def test_the_season_of_shanxi() -> None:
    told = lived("shanxi-2021-65")
    assert (
        season(told.story)
        == f"""
2021-09-22 10:00 | notice | chief | scheme, summary, stat-table, cases → {SHANXI_CHIEFS_11}
2021-09-22 10:00 | notice | chief | summary, stat-table, cases → {SHANXI_CHIEFS_6}
2021-09-22 10:00 | notice | clerk | scheme, summary, stat-table, cases → {SHANXI_CLERKS_11}
2021-09-22 10:00 | notice | clerk | summary, stat-table, cases → {SHANXI_CHIEFS_6}
2021-09-30 09:00 | reminder | clerk | scheme due-7 → {SHANXI_CLERKS_11}
2021-10-12 09:00 | reminder | clerk | scheme due-3 → {SHANXI_CLERKS_11}
2021-10-14 09:00 | reminder | clerk | scheme due-1 → {SHANXI_CLERKS_11}
2021-10-15 09:00 | reminder | clerk | scheme due-0 → {SHANXI_CLERKS_11}
2021-10-18 09:00 | overdue | chief | scheme late-1 → {SHANXI_CHIEFS_11}
2021-10-18 09:00 | overdue | clerk | scheme late-1 → {SHANXI_CLERKS_11}
2021-10-20 09:00 | escalation | clerk | scheme late-3 → {SHANXI_CLERKS_11}
2021-10-20 09:00 | escalation | leader | scheme late-3 → {SHANXI_LEADERS_10}
2021-10-22 09:00 | escalation | supervisor | scheme late-5 → chief(11 units)
2021-10-22 09:00 | escalation | clerk | scheme late-5 → {SHANXI_CLERKS_11}
2021-12-01 09:00 | reminder | clerk | summary due-7, stat-table due-7, cases due-7 → {SHANXI_CLERKS_17}
2021-12-07 09:00 | reminder | clerk | summary due-3, stat-table due-3, cases due-3 → {SHANXI_CLERKS_17}
2021-12-09 09:00 | reminder | clerk | summary due-1, stat-table due-1, cases due-1 → {SHANXI_CLERKS_17}
2021-12-10 09:00 | reminder | clerk | summary due-0, stat-table due-0, cases due-0 → {SHANXI_CLERKS_17}
2021-12-13 09:00 | overdue | chief | summary late-1, stat-table late-1, cases late-1 → {SHANXI_CHIEFS_17}
2021-12-13 09:00 | overdue | clerk | summary late-1, stat-table late-1, cases late-1 → {SHANXI_CLERKS_17}
2021-12-15 09:00 | escalation | clerk | summary late-3, stat-table late-3, cases late-3 → {SHANXI_CLERKS_11}
2021-12-15 09:00 | escalation | leader | summary late-3, stat-table late-3, cases late-3 → {SHANXI_LEADERS_10}
2021-12-17 09:00 | escalation | supervisor | summary late-5, stat-table late-5, cases late-5 → chief(11 units)
2021-12-17 09:00 | escalation | clerk | summary late-5, stat-table late-5, cases late-5 → {SHANXI_CLERKS_11}
""".strip()
    )
    assert (
        told_tasks(told.story)
        == f"""
2021-10-20 | contact_gap | — → jincheng
2021-10-29 | telephone | scheme → {SHANXI_UNITS_11}
2021-12-15 | telephone | summary → {SHANXI_UNITS_6}
2021-12-15 | telephone | stat-table → {SHANXI_UNITS_6}
2021-12-15 | telephone | cases → {SHANXI_UNITS_6}
2021-12-24 | telephone | summary → {SHANXI_UNITS_11}
2021-12-24 | telephone | stat-table → {SHANXI_UNITS_11}
2021-12-24 | telephone | cases → {SHANXI_UNITS_11}
""".strip()
    )
    assert len(told.ledger) == 62


LIAONING_CHIEFS_18 = (
    "anshan benxi dalian-ligong-daxue dalian dandong fushun huludao jinzhou liaoning-daxue "
    "liaoning-jiaotong-gaozhuan liaoning-kaifang-daxue liaoyang panjin shenyang-shifan-daxue shenyang "
    "tieling yingkou leader@fuxin"
)
LIAONING_CLERKS_19 = (
    "chief@chaoyang anshan benxi dalian-ligong-daxue dalian dandong fushun fuxin huludao jinzhou "
    "liaoning-daxue liaoning-jiaotong-gaozhuan liaoning-kaifang-daxue liaoyang panjin "
    "shenyang-shifan-daxue shenyang tieling yingkou"
)
LIAONING_CLERKS_14 = (
    "chief@chaoyang anshan benxi dalian dandong fushun fuxin huludao jinzhou liaoyang panjin shenyang tieling yingkou"
)
LIAONING_LEADERS_13 = (
    "anshan benxi chaoyang dalian dandong fushun fuxin huludao jinzhou liaoyang shenyang tieling yingkou"
)
LIAONING_UNITS_5 = (
    "liaoning-daxue dalian-ligong-daxue shenyang-shifan-daxue liaoning-kaifang-daxue liaoning-jiaotong-gaozhuan"
)
LIAONING_UNITS_14 = (
    "shenyang dalian anshan fushun benxi dandong jinzhou yingkou fuxin liaoyang panjin tieling chaoyang huludao"
)


def test_the_season_of_liaoning() -> None:
    told = lived("liaoning-2021-337")
    assert (
        season(told.story)
        == f"""
2021-09-30 10:00 | notice | chief | summary, cases → {LIAONING_CHIEFS_18}
2021-09-30 10:00 | notice | clerk | summary, cases → {LIAONING_CLERKS_19}
2021-12-01 09:00 | reminder | clerk | summary due-7, cases due-7 → {LIAONING_CLERKS_19}
2021-12-07 09:00 | reminder | clerk | summary due-3, cases due-3 → {LIAONING_CLERKS_19}
2021-12-09 09:00 | reminder | clerk | summary due-1, cases due-1 → {LIAONING_CLERKS_19}
2021-12-10 09:00 | reminder | clerk | summary due-0, cases due-0 → {LIAONING_CLERKS_19}
2021-12-13 09:00 | overdue | chief | summary late-1, cases late-1 → {LIAONING_CHIEFS_18}
2021-12-13 09:00 | overdue | clerk | summary late-1, cases late-1 → {LIAONING_CLERKS_19}
2021-12-15 09:00 | escalation | clerk | summary late-3, cases late-3 → {LIAONING_CLERKS_14}
2021-12-15 09:00 | escalation | leader | summary late-3, cases late-3 → {LIAONING_LEADERS_13}
2021-12-17 09:00 | escalation | clerk | summary late-5, cases late-5 → {LIAONING_CLERKS_14}
2021-12-17 09:00 | escalation | supervisor | summary late-5, cases late-5 → chief(14 units)
""".strip()
    )
    assert (
        told_tasks(told.story)
        == f"""
2021-12-15 | telephone | summary → {LIAONING_UNITS_5}
2021-12-15 | telephone | cases → {LIAONING_UNITS_5}
2021-12-15 | contact_gap | — → panjin
2021-12-24 | telephone | summary → {LIAONING_UNITS_14}
2021-12-24 | telephone | cases → {LIAONING_UNITS_14}
""".strip()
    )
    assert len(told.ledger) == 38


SUZHOU_CHIEFS_8 = "sip-dongshahu sip-hudong sip-huxi sip-loufeng sip-shengpu sip-weiting sip-xietang sip-yueliangwan"


def test_the_season_of_suzhou() -> None:
    told = lived("suzhou-sip-2021-61")
    assert (
        season(told.story)
        == f"""
2021-10-25 10:00 | notice | chief | own-scheme → {SUZHOU_CHIEFS_8}
2021-10-25 10:00 | notice | clerk | own-scheme → {SUZHOU_CHIEFS_8}
""".strip()
    )
    assert told_tasks(told.story) == ""
    assert len(told.ledger) == 8


LIAONING_CENTER_CHIEFS_14 = (
    "anshan-center chaoyang-center dalian-center dandong-center fushun-center fuxin-center huludao-center "
    "jinzhou-center liaoyang-center panjin-center shenyang-center tieling-center yingkou-center "
    "leader@benxi-center"
)
LIAONING_CENTER_CHIEFS_4 = "shenyang-heping-center dalian-shahekou-center shenyang-shenhe-center anshan-tiedong-center"
LIAONING_CENTER_CLERKS_14 = (
    "anshan-center benxi-center chaoyang-center dalian-center dandong-center fushun-center fuxin-center "
    "huludao-center jinzhou-center liaoyang-center panjin-center shenyang-center tieling-center "
    "yingkou-center"
)


def test_the_season_of_liaoning_center() -> None:
    told = lived("liaoning-center-2021-4")
    assert (
        season(told.story)
        == f"""
2021-03-31 10:00 | notice | chief | w1-1, w1-3, w1-4, w1-5, w1-6, w2-1, w2-2, w2-3, w2-4, w3-2, w3-4, w3-5, w4-1, w4-3, w4-4, w5-2 → {LIAONING_CENTER_CHIEFS_14}
2021-03-31 10:00 | notice | chief | w1-1, w1-4, w1-5, w2-1, w2-2, w3-5, w4-1, w4-3, w4-4 → {LIAONING_CENTER_CHIEFS_4}
2021-03-31 10:00 | notice | chief | w1-1, w1-2, w1-3, w1-4, w1-5, w2-1, w2-2, w2-3, w2-4, w2-5, w3-1, w3-2, w3-3, w3-4, w3-5, w4-1, w4-3, w4-4, w5-1, w5-2, w5-3 → ln-center
2021-03-31 10:00 | notice | chief | w2-4 → ln-elder-assoc liaoning-daxue-laonian-daxue
2021-03-31 10:00 | notice | chief | w5-3 → ln-family-society
2021-03-31 10:00 | notice | clerk | w1-1, w1-3, w1-4, w1-5, w1-6, w2-1, w2-2, w2-3, w2-4, w3-2, w3-4, w3-5, w4-1, w4-3, w4-4, w5-2 → {LIAONING_CENTER_CLERKS_14}
2021-03-31 10:00 | notice | clerk | w1-1, w1-4, w1-5, w2-1, w2-2, w3-5, w4-1, w4-3, w4-4 → {LIAONING_CENTER_CHIEFS_4}
2021-03-31 10:00 | notice | clerk | w1-1, w1-2, w1-3, w1-4, w1-5, w2-1, w2-2, w2-3, w2-4, w2-5, w3-1, w3-2, w3-3, w3-4, w3-5, w4-1, w4-3, w4-4, w5-1, w5-2, w5-3 → ln-center
2021-03-31 10:00 | notice | clerk | w2-4 → ln-elder-assoc liaoning-daxue-laonian-daxue shenyang-minban-laonian-xuexiao
2021-03-31 10:00 | notice | clerk | w5-3 → ln-family-society
""".strip()
    )
    assert (
        told_tasks(told.story)
        == """
2021-03-31 | unassigned | w4-2 → —
2021-03-31 | contact_gap | — → dalian-pulandian-center
""".strip()
    )
    assert len(told.ledger) == 294
