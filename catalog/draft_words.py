"""What a drafted product file says in its comments: what was found, and what is to be decided."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

# the file as a whole
HEAD: Final = Words(
    "产品文件初稿，由 `voile product draft` 根据 {name} 写成：{rows} 行，全部读过",
    "first draft of a product file, made by `voile product draft` from {name}: {rows} rows,"
    " all of them read",
)
HOW: Final = Words(
    "以 #? 开头的行须由人决定，并说明原因。然后检查：voile publish --check，再发布：voile publish",
    "lines that begin with #? ask for a decision and say why. Then check it: voile publish"
    " --check, and publish it: voile publish",
)
CODES_INSIDE: Final = Words(
    "本文件含有数据中的代码和取值范围：在您看过之前，请勿外传",
    "this text holds codes and ranges of the data: pass it on to nobody before you have looked",
)
DOMAIN: Final = Words(
    "域：请选贵方分类分级中的一个，目录按它归类。可选：{known}",
    "domain: choose the one of your own classification, catalogues sort by it: {known}",
)
LEVEL: Final = Words(
    "级别：2 表示要约必须指名接收方。只有贵方分级允许时才改为 1；若不得提供给任何人，改为 3",
    "level: with 2 every offer must name its recipients. Make it 1 only if your grading allows,"
    " 3 if nobody may be offered these data",
)
ZONE: Final = Words(
    "时间带有时区偏移。请写明一天从何处的零点算起，如 `Asia/Shanghai`：年份和小时由它决定",
    "timestamps carry an offset. Say where a day begins, like `Asia/Shanghai`: years and hours"
    " depend on it",
)

# the contributor
BY_NAME: Final = Words(
    "贡献者：隐私的单位，任何人都不得得知其中单独一个的情况。{column} 约有 {count} 个值，由列名推测"
    "。若数据说的是别的对象（员工、患者、下级客户），请改为那一列：选错则什么都保护不了",
    "contributor: the unit of privacy, nobody learns about a single one. {column} has about {count}"
    " values and is guessed by its name. If the rows tell of somebody else (employees, patients,"
    " customers of customers), name that column: with the wrong one nothing is protected",
)
BY_VALUES: Final = Words(
    "贡献者：隐私的单位，任何人都不得得知其中单独一个的情况。没有列名说明它；{column} "
    "约有 {count} 个重复出现的值，只是猜测。请换成标明数据主体的列：选错则什么都保护不了",
    "contributor: the unit of privacy, nobody learns about a single one. No column says so by its"
    " name; {column} has about {count} values that come again, which is a guess and no more. Name"
    " the column that tells whose data a row is: with the wrong one nothing is protected",
)
NOBODY: Final = Words(
    "发布前必须先决定：贡献者。没有一列看起来标明每行数据属于谁。请写出那一列；若文件中没有，"
    "请先在文件中加上，否则无法发布",
    "decide first, nothing can be published without: the contributor. No column looks like saying"
    " whose data a row is. Name it here; if the file has none, add one to the file",
)
FEW: Final = Words(
    "只有 {count} 个贡献者：少于五个的单元格会被合并或扣下，能公布的会很少",
    "there {count|is|are} {count} {count|contributor|contributors} only: what fewer than five"
    " share is merged or withheld, so"
    " hardly anything will be shown",
)
DROPPED: Final = Words(
    "{rows} 行没有贡献者，将被略去并在报告中计数。若一行都不得略去，请改为 error 并补全数据",
    "{rows} {rows|row has|rows have} no contributor: they are left out, and counted in the"
    " report. If none may"
    " be, write error and fill them in the file",
)

# columns
COLUMNS: Final = Words(
    "列。未选作维度或指标的都是 never：任何提问都读不到。只有确有提问要用时才放开",
    "columns. What is neither dimension nor measure below is never: no question reads it. Open one"
    " only for a question that needs it",
)
NAMES: Final = Words(
    "列名 `column_N`：表头不能直接用作提问中的名字（小写字母、数字和 _，不能是 SQL 词，不能重复），"
    "N 为其位置。可改成好记的名字；source 是文件中的表头，须原样保留",
    "names like `column_N`: the header cannot be a name in questions (small letters, digits and _,"
    " no word of SQL, none twice); N is its place. Rename them as you like; source is the header in"
    " the file and stays",
)
UNNAMEABLE: Final = Words(
    "第 {place} 列的表头 {header} 为空、过长、重复或含控制字符，无法写入产品文件，已略去；"
    "要使用它，请先在数据文件中改名",
    "column {place} with the header {header} is left out: empty, too long, there twice or with"
    " control characters. To use it rename it in the data file",
)
UNREADABLE: Final = Words(
    "列 {header} 是嵌套或二进制类型，已略去", "column {header} is nested or binary and left out"
)
FAULTY: Final = Words(
    "列 {header} 已略去，因为不能发布：{fault}。若需要它，请在工作簿中改正后重新起草",
    "column {header} is left out, as it cannot be published: {fault}. To use it correct the"
    " workbook and draft again",
)
LEFT_OUT: Final = Words(
    "另有 {count} 列未读：一个产品最多 500 列",
    "{count} more {count|column was|columns were} not read: a product has 500 at most",
)
UNDECLARED: Final = Words(
    "另有 {count} 列未在此列出，以免文件过长：未列出的列不能使用",
    "{count} more {count|column is|columns are} not listed, to keep this text short: what is not"
    " listed is not used",
)
MIXED_ZONES: Final = Words(
    "列 {column} 的时间带有偏移，而其他时间列没有：二者不能并存，所以它写作 text",
    "timestamps of {column} carry an offset and those of other columns do not: both cannot be, so"
    " it is declared as text",
)
TWO_WAYS: Final = Words(
    "列 {column} 可以有两种读法：此处按 {first}，也可能是 {second}。请看几个值：读错则所有数字都错",
    "column {column} can be read in two ways: as {first} here, else as {second}. Look at a few"
    " values: read in the wrong way every figure is wrong",
)

# dimensions
DIMENSIONS: Final = Words(
    "维度：可按它分组和筛选，最重要的在前，最后一个最先合并。请确认每一列及其代码可以让接收方知道："
    "代码本身会公开。维度越少、代码越少，能公布的越多",
    "dimensions: what may be grouped and filtered by, the most important first; the last one is"
    " merged first. See that recipients may know each of them and its codes: codes are told as they"
    " are. The fewer, the more can be shown",
)
NO_DIMENSION: Final = Words(
    "发布前必须先决定：至少一个维度。没有一列的值足够少（至多 {most} 个）。请自己写一个，如按年份或"
    "分段（bins）",
    "decide first, nothing can be published without: at least one dimension. No column has few"
    " enough values ({most} at most). Write one, such as years or bins of a number",
)
COULD_GROUP: Final = Words(
    "{column} 有 {count} 个值，也可作为维度；未选，因为单元格会太多",
    "{column} has {count} {count|value|values} and could be one too; it is left out as cells"
    " would be too many",
)
TOO_MANY_CODES: Final = Words(
    "{column} 约有 {count} 个值，超过初稿所取的 {most} 个：若要按它分组，请先归并成较少的代码",
    "{column} has about {count} values, more than the {most} that a draft takes: to group by it,"
    " make fewer codes of them first",
)
RARE_CODES: Final = Words(
    "{column} 有 {count} 个值的贡献者少于 {least} 个：代码是公开的，因此初稿不按它分组；若要分组，"
    "请先归并这些值",
    "{column} has {count} {count|value|values} that fewer than {least} contributors have: codes"
    " are public, so"
    " the draft does not group by it; to do so, join such values first",
)
WITHOUT_VALUE: Final = Words(
    "{column} 有 {rows} 行没有值，归入代码 {code}",
    "{rows} {rows|row has|rows have} no {column}: they are under the code {code}",
)
NEWER_CODES: Final = Words(
    "以后的数据若含新代码将被拒绝：代码可以补在末尾，年份范围可事先放宽",
    "later data with a code that is not here is refused: codes may be appended, and a range of"
    " years may be wider from the start",
)

# measures
MEASURES: Final = Words(
    "指标：可求和、求平均。界外的值按界计。界会告知每个询问方：此处按数据取整放宽，请改为凭常识就"
    "说得出的范围，而不是数据中最大的那个。请为每个指标写上单位（unit）：没有单位的都算可互相比较，"
    "须一起保护",
    "measures: what may be summed and averaged. Values beyond the bounds count as the bounds, and"
    " every asker is told them: here they are round and wider than the data; make them what is"
    " plausible, not what happens to be the largest. Give each its unit: those without one count as"
    " comparable and are protected together",
)
NO_MEASURE: Final = Words(
    "没有找到可求和的数字列：只能回答行数",
    "no column of numbers was found that could be summed: questions can count rows only",
)
SKIPPED: Final = Words(
    "{column} 有 {rows} 行没有值，在此不计（skip）。若没有即为 0，请改为 zero",
    "{rows} {rows|row has|rows have} no {column} and {rows|does|do} not count in it (skip). If"
    " nothing means 0, write zero",
)
MORE_MEASURES: Final = Words(
    "也可作为指标：先给上面的写明单位，再去掉 #，并把它的列改为 aggregate",
    "these could be measures too: give those above their units first, then take the # away and make"
    " the column aggregate",
)

# offers
OFFERS: Final = Words(
    "要约：没有要约，谁都不能提问。请写明用途和接收方（真实的 DID），再去掉这几行的 #；"
    "期限从短，可以再延",
    "offers: without one nobody can ask anything. Fill in purposes and recipients (real DIDs), then"
    " take the # of these lines away; keep the time short, it can be made longer",
)

# how the file writes its values
READING: Final = Words(
    "文件的写法，按全部数据核对过；请看几行，确认没有读错",
    "how the file writes its values, held against all of it; look at a few lines to be sure",
)
SOURCE: Final = Words(
    "数据来自的数据库：每次发布都重新读取。查询所用的角色应只能读取这些表",
    "the database that the data come from: each publication reads it again. Give the connector a"
    " role that may read these tables alone",
)
NOTHING_WORDS: Final = Words(
    "列 {column} 中的 {words} 读作没有值。若其中有真正的值，请删去",
    "{words} in {column} is read as no value. Take out what is a value after all",
)
