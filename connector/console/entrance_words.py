"""Words of the way in: signing in and links of invitation."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

SIGN_IN: Final = Words("登录", "Sign in")
INTRO: Final = Words("使用邀请时的名称登录。", "Sign in with the name that you were invited under.")
NAME: Final = Words("名称", "Name")
PASSWORD: Final = Words("密码", "Password")
NEW_PASSWORD: Final = Words("新密码", "New password")
AGAIN: Final = Words("再次输入密码", "The same password again")
CODE: Final = Words("动态码", "Code from the app")
CODE_HINT: Final = Words(
    "验证器应用中的六位数字；没有第二因素则留空",
    "six digits from your authenticator app; empty if you have no second factor",
)
CODE_NOW: Final = Words("验证器应用现在显示的六位数字", "the six digits that the app shows now")
NO_ACCOUNT: Final = Words("没有账户？请同事邀请您：", "No account yet? A colleague can invite you:")
WELCOME: Final = Words("欢迎", "Welcome")
INVITED: Final = Words(
    "{name}，您受邀使用此控制台。您的角色：{roles}。",
    "{name}, you are invited to this console. Your roles: {roles}.",
)
RETURNING: Final = Words(
    "{name}，请设置新的密码和第二因素。您的角色：{roles}。",
    "{name}, set your password and second factor anew. Your roles: {roles}.",
)
STEP_PASSWORD: Final = Words("1. 选择密码", "1. Choose a password")
STEP_FACTOR: Final = Words("2. 添加第二因素", "2. Add a second factor")
FACTOR_NEEDED: Final = Words(
    "您的角色需要第二因素。用任意验证器应用扫描此图，或输入密钥。",
    "Your roles need a second factor. Scan this picture with any authenticator app, "
    "or type the key.",
)
FACTOR_OPTIONAL: Final = Words(
    "建议添加：用任意验证器应用扫描此图，或输入密钥。不添加则将动态码留空。",
    "Recommended: scan this picture with any authenticator app, or type the key. "
    "Leave the code empty to go without.",
)
PICTURE: Final = Words("第二因素的二维码", "QR code of your second factor")
SECRET: Final = Words("密钥", "Key")
ENDS: Final = Words("此链接有效期至", "This link is good until")
ENTER: Final = Words("完成并登录", "Finish and sign in")
