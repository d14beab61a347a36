"""Chinese words for invented titles and names."""

from packager.disguise.naming.lexicon import Kind, Lexicon, joined, lines

LEXICON = Lexicon(
    patterns={
        Kind.FILM: (
            "从{place}到{place}的{noun}",
            "{place}的{adj}{noun}与{noun}",
            "{place}与{place}之间的{noun}",
            "{place}{person}的{adj}{noun}",
            "{given}{family}在{place}的{noun}",
        ),
        Kind.SERIES: (
            "{place}{person}的{adj}{noun}",
            "{place}与{place}的{noun}",
            "{place}的{adj}{noun}和{noun}",
            "{given}{family}在{place}的{noun}",
        ),
        Kind.EPISODE: ("{adj}的{noun}", "{noun}与{noun}", "{person}的{noun}", "去{place}的路"),
        Kind.BAND: (
            "{given}{family}",
            "{place}{noun}乐队",
        ),
        Kind.ALBUM: (
            "{place}的{noun}",
            "{adj}的{noun}和{noun}",
            "{number}个{adj}的{noun}",
            "{place}的{adj}{noun}",
        ),
        Kind.TRACK: (
            "{adj}的{noun}",
            "{place}",
            "{noun}与{noun}",
            "{place}{noun}",
            "回{place}去",
            "{person}",
        ),
        Kind.BOOK: (
            "{adj}的{place}{noun}",
            "{place}的{person}",
            "{place}没有{noun}",
            "去{place}的{adj}{noun}",
            "{person}和{adj}的{noun}",
        ),
        Kind.COURSE: (
            "{given}{family} - {when}{craft}，{things}和{things}",
            "{given}{family} - {craft}入门，{things}和{things}",
        ),
        Kind.LESSON: ("{lesson}",),
    },
    person="{given}{family}",
    credit="{name} 导演作品",
    words={
        "noun": tuple(
            "灯塔 渡口 雪山 长桥 旧信 窗台 纸船 钟楼 月光 列车 花园 小巷 风筝 海岸 琴声 屋檐 "
            "雨伞 麦田 岛屿 灯火 磨坊 船歌 石阶 茶馆 书店 画册 铃声 炊烟 稻香 竹林 溪流 晚霞 "
            "晨雾 星河 候鸟 蝴蝶 萤火 木马 瓷碗 棉衣 铜铃 站台 信箱 阁楼 庭院 水井 港湾 礁石 "
            "帆影 歌谣 童谣 秋千 藤椅 陶罐 果园 茶香".split()
        ),
        "adj": tuple(
            "寂静 遥远 最后 蓝色 失落 沉睡 温柔 透明 漫长 银色 迟到 微凉 空荡 倔强 安静 古老 "
            "金色 模糊 潮湿 轻盈 缓慢 羞涩 孤单 明亮 朦胧 柔软 斑驳 褪色 清澈 隐秘 无声 陌生 "
            "琥珀色 未眠 未寄出 遗忘 流浪 下雨 下雪 初秋".split()
        ),
        "person": tuple(
            "钟表匠 摆渡人 园丁 琴师 守林人 邮差 面包师 木匠 铁匠 磨坊主 养蜂人 渔夫 裁缝 "
            "鞋匠 陶匠 牧羊人 装订匠 玻璃匠 制图师 敲钟人 点灯人 织布人 刻字匠 船工".split()
        ),
        "place": joined(
            "云 青 雾 松 柳 霜 鹤 竹 荷 梅 桐 枫 月 星 银 白 碧 翠 清 静 远 古 石 玉",
            "溪 河 泉 岚 杉 荻 苇 萤 雁 鹭 枝 叶 露 岩 烟 桑 棠 菱 藻 笛",
            "镇 湾 岭 浦 洲 桥 渡 村 谷 港",
        ),
        "number": tuple("三 五 六 七 九 十 十二 十三 二十 三十 四十 一百".split()),
        "given": tuple(
            "林 陆 苏 沈 江 叶 白 顾 方 秦 温 许 程 乔 傅 阮 祝 殷 简 桑 柏 岑 池 季 纪 骆 梅 宁 "
            "裴 齐 舒 童 虞 喻 卓".split()
        ),
        "family": joined(
            "雨 秋 远 墨 青 南 晚 亦 知 念 若 予 安 书 清 映 砚 听",
            "舟 禾 笙 川 桐 岚 棠 溪 眠 白 言 遥 初 荷 澜",
        ),
        "craft": lines("""
            水彩
            书法
            铅笔画
            刺绣
            编织
            陶艺
            木刻
            手工蜡烛
            家庭面包
            阳台园艺
            手工装订
            羊毛毡
            绳编
            色粉画
            折纸
            马赛克
            围棋
            皮艺
            竹编
            剪纸
            尤克里里
            钩针
        """),
        "when": lines("""
            傍晚的
            周末的
            家里的
            慢慢来的
            新手的
            全家的
            雨天的
            一步一步
            冬日的
            夏日的
            亲手做的
            午后的
        """),
        "things": tuple(
            "小船 小鸟 小桥 屋顶 树叶 柠檬 茶壶 窗户 花园 大树 贝壳 云朵 羽毛 苹果 梨子 木门 "
            "灯笼 花朵 山丘 河流 小猫 狐狸 金鱼 星星 花边 茶杯 篮子 丝带 石头 房子 蘑菇 蝴蝶 "
            "蜡烛 椅子 花瓶 雪花".split()
        ),
        "lesson": lines("""
            开始之前
            桌面与工具
            第一步
            选择材料
            怎样拿工具
            一个小练习
            安静的双手
            明与暗
            暖与冷
            直线
            圆形
            从大到小
            一层一层来
            重复的花纹
            越简单越好
            常见错误
            补救的办法
            凭记忆完成
            看着实物做
            第一件作品
            第二件作品
            送朋友的礼物
            收边
            回头看看
            保养与存放
            本周练习
            问与答
            再进一步
            大一点的作品
            最后一件作品
        """),
    },
)
