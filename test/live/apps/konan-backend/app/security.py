from datetime import datetime, timedelta

import jwt

from app.config import JWT_SECRET, SECRET_KEY


def make_token(user_id: int) -> str:
    expires = datetime.utcnow() + timedelta(hours=1)
    return jwt.encode({"sub": str(user_id), "exp": expires, "iss": SECRET_KEY[:4]}, JWT_SECRET, algorithm="HS256")
