"""What can be wrong with a key, a signature, a token, a note, a proof of the log."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# keys
_NEW_PAIR: Final = Words(
    "请用普通的密码库新建密钥对", "make a new key pair with an ordinary library"
)
ED25519_REFUSED: Final = Problem(
    "key-refused",
    Words("拒绝此 Ed25519 密钥：{why}", "this Ed25519 key is refused: {why}"),
    _NEW_PAIR,
)
P256_REFUSED: Final = Problem(
    "key-refused",
    Words(
        "拒绝此 P-256 密钥：它不是曲线上的点",
        "this P-256 key is refused: it is not a point of the curve",
    ),
    _NEW_PAIR,
)
SMALL_ORDER: Final = Words("其阶很小", "it is of small order")
SMALL_COMPONENT: Final = Words("含有小阶分量", "it has a component of small order")
KEY_BYTES: Final = Words("应为 {expected} 字节，实为 {got}", "expected {expected} bytes, got {got}")
ENCODING: Final = Words("其编码不规范", "its encoding is not canonical")
OFF_CURVE: Final = Words("它不在曲线上", "it is not on the curve")
KEY_MALFORMED: Final = Problem(
    "key-malformed",
    Words("密钥格式不对：{why}", "malformed key: {why}"),
    Words("请发布 P-256 或 Ed25519 的 JWK", "publish a P-256 or Ed25519 JWK"),
)
CURVE: Final = Words(
    "kty 和 crv 应为 P-256 或 Ed25519 的，实为 `{got}`",
    "expected kty and crv of P-256 or Ed25519, got `{got}`",
)
ALG_OR_USE: Final = Words("`alg` 或 `use` 与其曲线不符", "`alg` or `use` does not fit its curve")
PRIVATE_PART: Final = Words(
    "它含有私钥部分：已不再是秘密", "it holds a private part: it is no secret any more"
)
PRIVATE_BYTES: Final = Words(
    "私钥应为 {expected} 字节，实为 {got}", "expected {expected} private bytes, got {got}"
)
PRIVATE_RANGE: Final = Words("其私钥部分超出范围", "its private part is out of range")
TWO_COORDINATES: Final = Words(
    "应为两个 {bytes} 字节的坐标", "expected two coordinates of {bytes} bytes"
)
COORDINATES: Final = Words(
    "坐标应为 base64url 的 {bytes} 字节", "expected coordinates of {bytes} bytes in base64url"
)

# signatures
SIGNATURE: Final = Problem(
    "signature",
    Words("签名不成立", "the signature does not hold"),
    Words(
        "请查看签署者的密钥是否已更换，或字节在途中是否被改动",
        "see whether the signer's key changed, or the bytes on the way",
    ),
)
JWS_MALFORMED: Final = Problem(
    "jws-malformed", Words("签名格式不对：{why}", "malformed signature: {why}")
)
JWS_TYPE: Final = Problem(
    "jws-type",
    Words(
        "签名类型应为 `{expected}`，实为 `{got}`",
        "expected a signature of type `{expected}`, got `{got}`",
    ),
)
JWS_ALG: Final = Problem(
    "jws-alg",
    Words(
        "密钥用于 {expected}，签名写的是 `{got}`",
        "the key is for {expected}, the signature says `{got}`",
    ),
)
SO_LONG: Final = Words(
    "应至多 {most} 个字符，实有 {got}", "expected at most {most} characters, got {got}"
)
THREE_PARTS: Final = Words("应为 3 段，实为 {got}", "expected 3 parts, got {got}")
NO_PAYLOAD: Final = Words("分离的签名不带内容", "a detached signature carries no payload")
HEADER_LONG: Final = Words("头部过长", "the header is too long")
HEADER_NO_OBJECT: Final = Words("头部不是对象", "the header is not an object")
HEADER_UNKNOWN: Final = Words(
    "头部含有不理解的 `{name}`", "the header has `{name}`, which is not understood"
)
HEADER_LACKS: Final = Words("头部没有 `{name}`", "the header has no `{name}`")
HEADER_HAS: Final = Words("头部含有 `{name}`", "the header has `{name}`")
NO_SECONDS: Final = Words("`{name}` 不是秒数", "`{name}` is not a number of seconds")
DETACHED: Final = Words(
    "分离的签名应有 b64 false 和 crit [b64]",
    "expected b64 false and crit [b64] in a detached signature",
)

# tokens
TOKEN_MALFORMED: Final = Problem(
    "token-malformed", Words("令牌格式不对：{why}", "malformed token: {why}")
)
ALG_NEITHER: Final = Words("`alg` 既非 ES256 也非 EdDSA", "`alg` is neither ES256 nor EdDSA")
TYP_NO_JWT: Final = Words("`typ` 不是 JWT", "`typ` is not JWT")
KID_NO_ID: Final = Words("`kid` 不是密钥的 id", "`kid` is not the id of a key")
ISS_NO_DID: Final = Words("`iss` 不是 did:web DID", "`iss` is not a did:web DID")
JTI_MISSING: Final = Words("没有 `jti`", "`jti` is missing")
ONE_HEADER: Final = Words(
    "应有一个 Authorization 头，实有 {got} 个", "expected one Authorization header, got {got}"
)
BEARER: Final = Words("应为 `Bearer …` 的形式", "expected the form `Bearer …`")
LONGER: Final = Words("超过 {most} 个字符", "longer than {most} characters")
BOTH_OBJECTS: Final = Words("头部和声明应为对象", "header and claims are objects")
TOKEN_SUBJECT: Final = Problem(
    "token-subject",
    Words("令牌被拒绝：`sub` 与 `iss` 不同", "the token is refused: `sub` is not `iss`"),
)
TOKEN_AUDIENCE: Final = Problem(
    "token-audience",
    Words("令牌被拒绝：`aud` 不是本参与方", "the token is refused: `aud` is not this participant"),
)
TOKEN_EARLY: Final = Problem(
    "token-early", Words("令牌被拒绝：尚未生效", "the token is refused: it is not valid yet")
)
TOKEN_EXPIRED: Final = Problem(
    "token-expired", Words("令牌被拒绝：已过期", "the token is refused: it has expired")
)
TOKEN_LIFETIME: Final = Problem(
    "token-lifetime",
    Words(
        "令牌被拒绝：有效期超过 {most} 秒",
        "the token is refused: it lives longer than {most} s",
    ),
)
TOKEN_DOCUMENT: Final = Problem(
    "token-document",
    Words(
        "令牌被拒绝：该文档不属于其签发者",
        "the token is refused: the document is not its issuer's",
    ),
)
TOKEN_KID: Final = Problem(
    "token-kid",
    Words("令牌被拒绝：`kid` 属于他方", "the token is refused: `kid` belongs to another"),
)
TOKEN_ALG: Final = Problem(
    "token-alg",
    Words("令牌被拒绝：`alg` 与密钥的不同", "the token is refused: `alg` is not the key's"),
)
TOKEN_BINDING: Final = Problem(
    "token-binding",
    Words(
        "令牌被拒绝：`{name}` 不是本请求的",
        "the token is refused: `{name}` is not this request's",
    ),
)

# sealed values and commitments
UNSEAL: Final = Problem(
    "unseal",
    Words("封存的值打不开", "a sealed value does not open"),
    Words("请使用封存时的密钥文件", "use the key file it was sealed under"),
)
COMMITMENT: Final = Problem(
    "commitment",
    Words("承诺与该值不符", "the commitment does not open to this value"),
)

# notes and checkpoints
NOTE_MALFORMED: Final = Problem(
    "note-malformed", Words("签名文本格式不对：{why}", "malformed note: {why}")
)
NOTE_UNSIGNED: Final = Problem(
    "note-unsigned",
    Words("没有受信任的密钥签署此文本", "no trusted key signed this note"),
    Words(
        "请查看它写明的是谁的密钥、是否信任该密钥",
        "see whose key it names, and whether you trust that key",
    ),
)
CHECKPOINT_ORIGIN: Final = Problem(
    "checkpoint-origin",
    Words(
        "应为 `{expected}` 的检查点，实为另一日志的",
        "expected a checkpoint of `{expected}`, got another log's",
    ),
)
OTHER_LOG: Final = Problem(
    "checkpoint-origin",
    Words("该密钥不用于日志 `{origin}`", "the key is not for the log `{origin}`"),
)
VKEY_FORM: Final = Words(
    "验证密钥应为 name+key id+key", "expected name+key id+key in a verifier key"
)
VKEY_TYPE: Final = Words("应为 Ed25519 密钥，类型 1", "expected an Ed25519 key, type 1")
VKEY_ID: Final = Words("密钥 id 与名称和密钥不符", "the key id is not that of name and key")
LINE_FEED: Final = Words("文本应以换行结尾", "a note's text ends in a line feed")
CHECKPOINT_FORM: Final = Words(
    "检查点应有来源、大小和根", "expected origin, size and root in a checkpoint"
)
CHECKPOINT_SIZE: Final = Words(
    "大小不是没有前导零的数字", "the size is not a number without leading zeroes"
)
CHECKPOINT_ROOT: Final = Words(
    "根应为 {expected} 字节，实为 {got}", "expected a root of {expected} bytes, got {got}"
)
NOTE_LONG: Final = Words("超过 {most} 字节", "longer than {most} bytes")
NOTE_FORM: Final = Words("应有文本、空行和签名", "expected a text, an empty line and signatures")
SIGNATURES_MANY: Final = Words("超过 {most} 个签名", "more than {most} signatures")
NO_DASH: Final = Words(
    "签名行未以破折号和空格开头", "a signature line does not begin with a dash and a space"
)
LINE_UNSIGNED: Final = Words("签名行没有签名", "a signature line has no signature")
SIGNATURE_SHORT: Final = Words("签名过短", "a signature is too short")
ONLY_ED25519: Final = Words("只有 Ed25519 密钥签署此类文本", "only Ed25519 keys sign notes")
KEY_NAME: Final = Words(
    "密钥名称不含空格和加号", "the name of a key has no spaces and no plus sign"
)
NOT_UTF8: Final = Words("不是 UTF-8", "not UTF-8")
CONTROL: Final = Words("含有控制字符", "a control character")

# proofs of the log
MERKLE: Final = Problem(
    "merkle-proof", Words("证明不成立：{why}", "the proof does not hold: {why}")
)
LEAF_BEYOND: Final = Words(
    "第 {index} 条记录不在大小 {size} 之内", "leaf {index} is not below the size {size}"
)
HASHES: Final = Words(
    "应有 {expected} 个哈希，实有 {got} 个", "expected {expected} hashes, got {got}"
)
OTHER_ROOT: Final = Words("路径通向另一个根", "the path leads to another root")
SIZES: Final = Words(
    "大小应满足 0 < 旧 <= 新，实为 {old} 和 {new}",
    "expected sizes 0 < old <= new, got {old} and {new}",
)
NO_HASHES: Final = Words("大小相等时不应有哈希", "expected no hashes for equal sizes")
TWO_ROOTS: Final = Words("同一大小有两个根", "one size has two roots")
NO_PREFIX: Final = Words("旧树不是新树的前缀", "the older tree is not a prefix of the newer")
NO_SIZE: Final = Words("`{size}` 不是日志的大小", "`{size}` is not the size of a log")
HASH_BYTES: Final = Words("哈希应为 {bytes} 字节", "expected hashes of {bytes} bytes")
