"""Persian, Arabic, Chinese and Burmese words for the titles that posters show.

Folders and files of such films carry an English title, as releases usually do, so these lists
are shorter.
"""

from packager.disguise.naming.lexicon import Lexicon, joined

PERSIAN = Lexicon(
    titles=(
        "{noun} {adj} {place}",
        "{noun} {noun} {adj}",
        "از {noun} تا {place}",
        "{number} {noun} تا {place}",
        "{noun} و {noun} {adj}",
    ),
    person="{given} {family}",
    credit="فیلمی از {name}",
    words={
        "noun": tuple(
            "فانوس باران کوچه پنجره باغ زمستان پل سایه آینه کاروان ستاره پرنده جاده مهتاب نامه "
            "بادبان کوه رود ابر نردبان ایوان قایق چراغ فصل".split()
        ),
        "adj": tuple(
            "خاموش دور آبی سپید گمشده کهن آرام تنها پاییزی برفی زرین بیدار نقره‌ای شکسته".split()
        ),
        "place": joined("نیل مهر سرو گل آذر ماه یاس", "دشت کوه رود سار بید زار"),
        "number": tuple("پنج شش هفت نه ده دوازده بیست چهل صد".split()),
        "given": tuple("نادر لیلا بهمن پروانه کاوه شیرین سهراب نرگس آرش مینا".split()),
        "family": joined("نیل مهر سرو گل آذر یاس", "دشتی کوهی رودی ساری بیدی"),
    },
)

ARABIC = Lexicon(
    titles=(
        "{noun} ال{noun} في {place}",
        "بين ال{noun} و{noun} {place}",
        "آخر {noun} في {place}",
        "{noun} ال{noun} وال{noun}",
        "من {noun} ال{noun} إلى {place}",
    ),
    person="{given} ال{family}",
    credit="فيلم من إخراج {name}",
    words={
        "noun": tuple(
            "ظل منارة نهر شتاء مرآة حديقة جسر قمر نافذة رسالة قارب طريق صوت ليل بحر جزيرة غيمة "
            "سفينة مطر جبل برج قنديل شرفة ربيع".split()
        ),
        "place": joined("نور سلم ريح كرم عبق زهر", "ان ار ون ين اء"),
        "given": tuple("سامي ليلى نادر هدى كريم سلمى رامي دانة يوسف ريم".split()),
        "family": joined("نور سلم ريح كرم زهر", "اني اري وني ائي"),
    },
)

CHINESE = Lexicon(
    titles=(
        "{adj}的{place}{noun}",
        "{place}的{noun}与{noun}",
        "{adj}的{noun}和{adj}的{noun}",
        "去{place}的{adj}{noun}",
        "{place}没有{noun}",
    ),
    person="{given}{family}",
    credit="{name} 导演作品",
    words={
        "noun": tuple(
            "灯塔 渡口 雪山 长桥 旧信 窗台 纸船 钟楼 月光 列车 花园 小巷 风筝 海岸 琴声 屋檐 "
            "雨伞 麦田 岛屿 灯火 磨坊 船歌".split()
        ),
        "adj": tuple(
            "寂静 遥远 最后 蓝色 失落 沉睡 温柔 透明 漫长 银色 迟到 微凉 空荡 倔强".split()
        ),
        "place": joined("云 青 雾 松 柳 霜 鹤 竹", "溪镇 河湾 岭 浦 沙洲 桥头"),
        "given": tuple("林 陆 苏 沈 江 叶 白 顾 方 秦".split()),
        "family": joined("雨 秋 远 墨 青 南 晚", "舟 禾 笙 川 桐 岚"),
    },
)

BURMESE = Lexicon(
    titles=(
        "{adj} {noun}၏ {noun}",
        "{noun}နှင့် {adj} {noun}",
        "{place}သို့ {adj} {noun}",
        "{place}မှ {noun}၏ {noun}",
    ),
    person="{given} {family}",
    credit="ဒါရိုက်တာ {name}",
    words={
        "noun": tuple(
            "တောင်ကုန်း မြစ်ကမ်း မိုးစက် ပန်းခြံ လမင်း ကြယ်ပွင့် လမ်းကလေး ပင်လယ် တံတား တေးသံ "
            "အိမ်ကလေး ညနေခင်း နွေဦး ဆောင်းရာသီ လေပြည် တိမ်တိုက် လှေကလေး မီးအိမ် စာအိတ် "
            "ပြတင်းပေါက်".split()
        ),
        "adj": tuple("တိတ်ဆိတ်သော ဝေးကွာသော ပြာလဲ့သော နောက်ဆုံး ပျောက်ဆုံးသော ငြိမ်သက်သော ဖြူစင်သော".split()),
        "place": joined("ရွှေ ငွေ မြ သစ် မိုး", "ချောင်း တောင်ရွာ ကုန်းမြို့ ကန်ရွာ"),
        "given": tuple("လင်း မေ ဇော် နှင်း ကျော် သီတာ မင်း ခင်".split()),
        "family": joined("ထက် ရောင် လွင် မြတ် သူ", "အိမ် ပြည် နွယ် ဦး"),
    },
)
