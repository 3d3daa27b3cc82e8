"""What can become of a reading: the codes, their names, and what to tell the sender."""

# The first four are verdicts of kernels.detect; the first two are kept, the others are not.
TAKEN, LATE, DUPLICATE, CONFLICT, UNKNOWN_TAG, OTHER_SOURCE, BAD_TIME, FUTURE_TIME, BAD_VALUE = range(9)
KEPT = 2

REASONS = (
    "taken",
    "late",
    "duplicate",
    "conflict",
    "unknown_tag",
    "other_source",
    "bad_time",
    "future_time",
    "bad_value",
)

TEXTS = (
    ("", ""),
    ("时间早于该点位的最新读数，只记入历史", ""),
    ("与该点位同一时间的读数相同，不重复计入", ""),
    ("同一时间已有另一个值，已隔离", "核对数据源的时间戳，每个时间只发送一个值"),
    ("没有这个点位", "在系统中登记该点位，或按 GET /intake/tags 核对编码"),
    ("该点位属于另一个数据源", "用该点位所属数据源的密钥发送"),
    ("时间无法识别", "发送毫秒级 Unix 时间的整数，或带时区的 ISO 8601，不早于 2000 年"),
    ("时间比到达时刻晚 5 分钟以上", "校准数据源的时钟"),
    ("数值不是有限的数", "发送有限的数；数据不可信时发送 quality: bad"),
)
