/** Lines that hold no credential, as programs, settings and people write them: nothing of them is to be hidden. */
import type { Shown } from './generate.ts';

const PYTHON = `
password = getpass.getpass()
password = os.environ["DB_PASSWORD"]
password = os.getenv("DB_PASSWORD")
secret_key = settings.SECRET_KEY
token = request.headers.get("Authorization")
token = create_access_token(user.id)
token: str
password: str = Field(min_length=8)
password_hash = Column(String(128))
hashed = hash_password(password)
class PasswordResetForm(FlaskForm):
def verify_password(plain, hashed): ...
if not check_password(password): raise Invalid()
if token is None: return
raise ValueError("password is too short")
raise HTTPException(401, detail="Invalid token")
logger.info("token expired for %s", user)
logger.warning("password: must not be empty")
logger.error("failed to reset password: invalid password")
print("Admin credentials: Uses admin@example.org by default")
rng_seed = "0xe1291f21"
CAPTCHA_SITE_KEY = os.getenv("CAPTCHA_SITE_KEY", "1x00000000000000000000AA")
print("Enter your password:")
flash("Your password has been updated.")
ACCESS_TOKEN_EXPIRE_MINUTES = 30
TOKEN_URL = "/auth/token"
oauth2 = OAuth2PasswordBearer(tokenUrl="auth/token")
algorithm = "HS256"
JWT_ALGORITHM = "HS512"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_USER_MODEL = "accounts.User"
"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"
path("password/reset/", PasswordResetView.as_view(), name="password_reset")
router.post("/token", response_model=Token)
tokens = tokenizer.encode(text)
max_tokens = 4096
special_tokens = {"pad_token": "<pad>", "eos_token": "</s>"}
tokenizer.pad_token = tokenizer.eos_token
NEXT_TOKEN = "nextToken"
primary_key = True
sort_key = "created_at"
cache_key = f"user:{user_id}"
CACHE_KEY = "settings:all"
key = "name"
keys = ["id", "name", "email"]
d["key"] = "value"
random.seed(42)
seed = 1234567
SEED: int = 20240101
np.random.RandomState(seed=0)
headers = {"Authorization": f"Bearer {token}"}
headers = {"Authorization": "Bearer " + token}
headers={"WWW-Authenticate": "Bearer"}
headers={"WWW-Authenticate": 'Basic realm="Login"'}
url = f"postgresql://{user}:{password}@{host}/{name}"
url = "postgresql://%s:%s@%s/%s" % parts
url = "postgresql://localhost/shop"
url = "sqlite:///./app.db"
url = "redis://localhost:6379/0"
url = "https://example.org/reset?token=" + token
REPO = "git@github.com:me/shop.git"
email = "me@example.org"
uvicorn.run("app.main:app", host="0.0.0.0", port=8000)
app = FastAPI(title="Auth service", version="1.2.3")
from auth.tokens import decode_token, encode_token
import secrets
secrets.token_urlsafe(32)
SECRET_KEY = secrets.token_hex(32)
SECRET_KEY = os.urandom(24)
SESSION_COOKIE_NAME = "sessionid"
CSRF_COOKIE_SECURE = True
csrf_token = generate_csrf()
public_key = load("public.pem")
PASSWORD_FIELD = "password"
FIELDS = ["username", "password", "email"]
{"type": "password", "label": "Password", "required": True}
parser.add_argument("--password", help="password of the database")
parser.add_argument("--token", required=True)
config = {"secret": None, "token": ""}
sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0bb822cd15d6c15b0f00a0"
commit = "d670460b4b4aece5915caf5c68d12f560a9fe3e4"
id = uuid.UUID("6fa459ea-ee8a-3ca4-894e-db77e160355e")
REVISION = "ae1027a6acf4"
down_revision = "1975ea83b712"
model = "meta-llama/Llama-3.1-8B-Instruct"
model = "claude-3-5-sonnet-20241022"
date = "2026-01-31T12:00:00Z"
version = "3.11.4"
pattern = re.compile(r"[A-Za-z0-9]{32}")
charset = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
x = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
doc = "https://docs.example.org/en/latest/authentication.html#passwords"
# the password is read from the environment
# TODO: rotate the token every hour
# token: see docs/auth.md
assert response.json()["detail"] == "Invalid password"
assert "password" not in response.json()
credentials: HTTPAuthorizationCredentials = Depends(security)
api_key: str | None = None
API_KEY_NAME = "X-API-Key"
api_key_header = APIKeyHeader(name="X-API-Key")
salt = bcrypt.gensalt()
pin_code = PinCode.generate()
basic = HTTPBasic()
code = 404
code = "not_found"
auth = True
login_url = "/login"
author = "A. Person"
passed = True
compass = "north"
bypass = "cache"
passenger = "Ada"
hostname = "db.internal.example.org"
monkey = "banana"`;

const OTHERS: Readonly<Record<string, string>> = {
  'render.yaml': `
- key: SECRET_KEY
  generateValue: true
- key: DATABASE_URL
  fromDatabase: {name: db, property: connectionString}
sync: false
healthCheckPath: /health`,
  'docker-compose.yml': `
POSTGRES_PASSWORD: \${POSTGRES_PASSWORD}
POSTGRES_PASSWORD_FILE: /run/secrets/db_password
SECRET_KEY: \${SECRET_KEY:?set it}
secrets:
image: postgres:16.2-alpine
image: registry.example.org/shop@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0bb822cd15d6c15b0f00a0`,
  '.github/workflows/ci.yml': `
token: \${{ secrets.GITHUB_TOKEN }}
password: \${{ secrets.DOCKER_PASSWORD }}
secrets: inherit
id-token: write
uses: actions/checkout@b4ffde65f46336ab88eb53be808477a3936bae11`,
  '.env.example': `
DATABASE_URL=
SECRET_KEY=
DEBUG=false
PORT=8000
TOKEN_TTL=3600
PASSWORD_MIN_LENGTH=12
LOG_LEVEL=info`,
  'alembic.ini': `
script_location = alembic
sqlalchemy.url = sqlite:///./app.db
keys = root,sqlalchemy,alembic
key = value`,
  'pyproject.toml': `
name = "token-service"
description = "Passwords and tokens for people"
dependencies = ["python-jose[cryptography]>=3.3", "passlib[bcrypt]"]
keywords = ["password", "secret", "token"]`,
  'nginx.conf': `
proxy_pass http://127.0.0.1:8000;
proxy_set_header Host $host;
proxy_set_header Authorization $http_authorization;
auth_basic_user_file /etc/nginx/.htpasswd;`,
  'README.md': `
Set the password in the environment.
The token is valid for 30 minutes.
Passwords are hashed with bcrypt.
Run it with --password to be asked.
| variable | meaning |
| SECRET_KEY | signs the sessions |
| DB_PASSWORD | password of the database |
Authorization: Bearer <token>
curl -H "Authorization: Bearer $TOKEN" https://example.org
export SECRET_KEY=$(openssl rand -hex 32)
Admin credentials: asked for at the first start
key-value stores and secret-free logs
failed to reset password: invalid password`,
  'deploy.sh': `
mysql -u root -p shop
export TOKEN="$(cat /run/token)"
psql "$DATABASE_URL"
echo "$TOKEN" | docker login --password-stdin
ssh-keygen -t ed25519 -f key`,
};

/** All of them; `secret` is the line itself, which is to be seen. */
export function harmless(): Shown[] {
  const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  const of = (path: string, text: string): Shown => ({ kind: path, path, text, secret: text });
  return [
    ...lines(PYTHON).map((text) => of('app/settings.py', text)),
    ...Object.entries(OTHERS).flatMap(([path, text]) => lines(text).map((line) => of(path, line))),
  ];
}
