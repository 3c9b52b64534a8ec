/** Credentials as repositories hold them, by kind: texts that are shown. '§' stands for the secret; made up, all of them. */

export interface Kind {
  readonly kind: string;
  /** The file that a text is of; without one it is words, as in a message or a log. */
  readonly path?: string;
  /** What the secret looks like. */
  readonly secret: SecretForm;
  readonly texts: readonly string[];
}

export type SecretForm =
  | 'password'
  | 'odd'
  | 'phrase'
  | 'alnum'
  | 'hex'
  | 'base64'
  | 'base32'
  | 'digits'
  | 'uuid'
  | 'word';

const py = (kind: string, secret: SecretForm, ...texts: string[]): Kind => ({
  kind,
  path: 'app/settings.py',
  secret,
  texts,
});
const file = (path: string, kind: string, secret: SecretForm, ...texts: string[]): Kind => ({
  kind,
  path,
  secret,
  texts,
});
const words = (kind: string, secret: SecretForm, ...texts: string[]): Kind => ({ kind, secret, texts });

export const KINDS: readonly Kind[] = [
  py('assignment', 'password', 'SECRET_KEY = "§"', "db_password = '§'", 'app.secret_key = "§"', 'API_KEY: str = "§"'),
  py('environment default', 'password', 'os.getenv("DB_PASSWORD", "§")', "os.environ.get('JWT_SECRET', '§')", 'k = env.str("API_TOKEN", default="§")', 'SECRET_KEY = config("SECRET_KEY", cast=str, default="§")'),
  py('environment otherwise', 'password', 'x = os.environ.get("API_TOKEN") or "§"', 'SECRET_KEY = os.getenv("APP_KEY") or "§"', 'password = os.environ["PW"] if "PW" in os.environ else "§"', 'SECRET_KEY = os.getenv("A_NAME", "§")'),
  py('setdefault and subscript', 'password', 'os.environ.setdefault("SECRET_KEY", "§")', 'os.environ["DB_PASSWORD"] = "§"', 'app.config["SECRET_KEY"] = "§"', "app.config.update({'JWT_SECRET_KEY': '§'})"),
  py('keyword argument', 'password', 'connect(user="me", password="§", port=1)', 'Redis(host="h", password=\'§\')', 'smtplib_login(user=u, passwd="§")', 'create(client_secret="§")'),
  py('libpq string', 'word', 'psycopg2.connect("host=db password=§ dbname=x")', 'dsn = "dbname=x user=me password=§"', "psycopg.connect('host=db password=§')", 'conninfo = f"host={h} password=§ user={u}"'),
  py('libpq string in quotes', 'password', `psycopg2.connect("host=db password='§' dbname=x")`, `d = "user=me password='§'"`),
  py('escaped quotes', 'alnum', 'PASSWORD = "ab\\"§"', "secret = 'it\\'s §'", 'x = "{\\"password\\": \\"§\\"}"', 'y = "{\\"api_key\\":\\"§\\",\\"a\\":1}"'),
  py('next line in brackets', 'password', 'SECRET_KEY = (\n    "§"\n)', 'os.getenv(\n    "DB_PASSWORD",\n    "§",\n)', 'password = \\\n    "§"', 'CONFIG = {\n    "password":\n        "§",\n}'),
  py('concatenation', 'alnum', 'password = "§" + "xyz"', 'SECRET_KEY = "abc" + "§"', "api_key = 'ab' '§'", 'TOKEN = (\n    "abc"\n    "§"\n)'),
  py('triple quotes', 'password', 'SECRET_KEY = """§"""', "PASSWORD = '''§'''", 'config = """\npassword=§\nuser=me\n"""', "text = '''\nDB_PASSWORD=§\n'''"),
  py('prefixes and wrappers', 'password', 'password: SecretStr = SecretStr("§")', 'SECRET_KEY = b"§"', "token: str = Field('§')", 'secret: SecretStr = Field(default=SecretStr("§"))'),
  py('short names', 'password', 'db_pw = "§"', 'pw = "§"', 'userpwd = "§"', 'root_pass = "§"'),
  py('camel case', 'password', 'dbPassword = "§"', 'x = {"apiKey": "§"}', 'clientSecret = "§"', 'accessToken = "§"'),
  py('French', 'word', 'mot_de_passe = "§"', 'MDP = "§"', "motdepasse = '§'", 'cle_secrete = "§"', 'JETON = "§"'),
  py('German', 'word', 'passwort = "§"', 'DB_KENNWORT = "§"', "geheimnis = '§'", 'API_SCHLUESSEL = "§"', 'api_schlüssel = "§"'),
  py('Spanish', 'word', 'contraseña = "§"', 'DB_CONTRASENA = "§"', "clave_secreta = '§'", 'secreto = "§"'),
  py('Portuguese', 'word', 'senha = "§"', 'DB_SENHA = "§"', "palavra_passe = '§'", 'chave_secreta = "§"', 'segredo = "§"'),
  py('comment', 'word', '# password: §', 'x = 1  # token=§', '# old: DB_PASSWORD=§', '# sqlalchemy.url = postgres://u:§@h/d'),
  py('comparison', 'alnum', 'if password == "§":', 'if token != "§":', 'assert x["password"] == "§"'),
  py('call', 'password', 'user.set_password("§")', 'f = Fernet(b"§")', 'requests.get(u, auth=("me", "§"))', 'HTTPBasicAuth("me", "§")', 'jwt.encode(data, "§", algorithm="HS256")', 'server.login("me@x.org", "§")'),
  py('option of a parser', 'password', 'p.add_argument("--password", default="§")', '@click.option("--token", default="§")', 'p.add_argument("--db-pass", type=str, default="§")'),
  py('numbers', 'digits', 'password = §', 'PASSWORD = "§"', 'connect(password=§)', 'admin_password: int = §'),
  py('pydantic, name after the value', 'password', 'x: str = Field("§", env="API_KEY")', 'pw: str = Field("§", alias="DB_PASSWORD")'),
  py('Django', 'password', "'PASSWORD': '§',", 'SECRET_KEY = "django-insecure-§"', "EMAIL_HOST_PASSWORD = '§'"),
  py('dense literal', 'base64', 'x = "§"', "Thing('§')", 'KEYS = ["§"]'),
  py('dense literal, hexadecimal', 'hex', 'x = "§"', "signer = Thing('§')", 'KEYS = ["§"]'),
  py('hook', 'alnum', 'U = "https://hooks.slack.com/services/T01/B02/§"', "u = 'https://discord.com/api/webhooks/123/§'", 'u = "https://x.webhook.office.com/webhookb2/§"', 'requests.post("https://api.telegram.org/bot12345678:§/send")'),
  py('header', 'alnum', 'h = {"Authorization": "Bearer §"}', 'headers["Authorization"] = "Basic §="', "h = {'X-Api-Key': '§'}", 'h = {"Authorization": "Token §"}', 'c.headers.update({"PRIVATE-TOKEN": "§"})'),
  file('.env', '.env', 'odd', 'DB_PASSWORD=§', 'export SECRET_KEY=§', 'API_TOKEN="§"', "JWT_SECRET='§'"),
  file('.env', '.env with blanks', 'phrase', 'DB_PASSWORD=§', 'SECRET_KEY = §', 'ADMIN_PASSPHRASE="§"'),
  file('alembic.ini', 'INI', 'password', 'smtp_password = §', '[db]\npassword: §', '# api_key = §', 'spring.datasource.password=§'),
  file('alembic.ini', 'INI with blanks', 'phrase', 'smtp_password = §', 'secret_key = §', 'token: §'),
  file('config.yaml', 'YAML', 'password', 'password: §', '  DB_PASSWORD: "§"', "- API_TOKEN=§", '{user: me, password: §}', 'secret_key: §  # comment'),
  file('config.yaml', 'YAML with blanks', 'phrase', 'password: §', 'db:\n  passphrase: §', "secret: '§'"),
  file('config.yaml', 'YAML on the next line', 'phrase', 'password:\n  §', 'secret_key: >-\n  §', 'private_key: |\n  §\n  §', 'password:\n  "§"'),
  file('render.yaml', 'pairs', 'password', '- key: JWT_SECRET\n  value: §', '- name: DB_PASSWORD\n  value: "§"', '- value: §\n  key: API_TOKEN', "- name: 'MDP'\n  value: '§'"),
  file('docker-compose.yml', 'shell default', 'password', 'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-§}', 'SECRET_KEY=${SECRET_KEY-§}', 'url: postgres://u:${DB_PASSWORD:-§}@db/x'),
  file('pyproject.toml', 'TOML', 'password', 'password = "§"', "api_key = '§'", '[x]\ntoken = "§"', 'x = { secret = "§" }'),
  file('config.json', 'JSON', 'password', '{"password": "§"}', '{"api_key":"§","x":1}', '{\n  "client_secret":\n    "§"\n}', '{"name": "DB_PASSWORD", "value": "§"}'),
  file('Dockerfile', 'Dockerfile', 'password', 'ENV SECRET_KEY=§', 'ENV DB_PASSWORD §', 'ARG API_TOKEN=§', 'ENV A=b JWT_SECRET="§"'),
  file('init.sql', 'SQL', 'password', "CREATE USER x WITH PASSWORD '§';", "ALTER ROLE x PASSWORD '§';", "CREATE USER x IDENTIFIED BY '§';"),
  file('web.config', 'XML', 'password', '<password>§</password>', '<add key="Password" value="§"/>', '<property name="db.password" value="§"/>'),
  words('options', 'password', 'run --password § now', 'x --api-key=§', "tool --token '§'", 'curl -u me:§ https://x', 'mysql -uroot -p§ db', 'sshpass -p § ssh h', 'redis-cli -a § ping'),
  words('before a command', 'password', 'PGPASSWORD=§ psql -h db', 'DB_PASSWORD=§ SECRET=x run', 'env API_TOKEN=§ gunicorn app:app'),
  words('netrc', 'password', 'machine x.org login me password §', 'machine y login z password §\n'),
  words('npmrc', 'uuid', '//registry.npmjs.org/:_authToken=§', '_auth=§', '//r/:_password=§'),
  words('URL password', 'password', 'postgres://me:§@db/x', 'redis://:§@cache:6379/0', 'amqp://me:§@h:5672//', 'https://me:§@example.org/x.git'),
  words('URL password, odd', 'odd', '"postgres://me:§@db/x"', "DATABASE_URL='mysql://me:§@h/d'", 'mongodb+srv://me:§@h/d'),
  words('URL password, encoded', 'alnum', 'postgres://me:p%40§%2F@db/x', 'mysql+pymysql://u:%24§@h/d?charset=utf8', 'sqlalchemy.url = postgres://u:%%40§@h/d'),
  words('URL password, with an @', 'alnum', 'postgres://me:p@§@db/x', 'ftp://me:a/§@h', '"postgres://me:it\'s§@h/x"', '"amqp://u:p §@h/v"'),
  words('URL without //', 'password', 'postgresql:/u:§@h/x', 'jdbc:oracle:thin:scott/§@//h:1521/x', 'me:§@tcp(db:3306)/x'),
  words('token in a URL', 'alnum', 'https://ghtoken1234§@github.com/x/y', 'https://h/x?token=§&page=2', 'jdbc:postgresql://h/d?user=x&password=§', 'https://x.org/a?api_key=§'),
  words('ODBC', 'password', 'Driver={SQL Server};Server=s;Uid=sa;Pwd=§;', 'Server=s;Database=d;User Id=sa;Password=§;', 'PWD=§;UID=x'),
  words('Azure', 'base64', 'DefaultEndpointsProtocol=https;AccountName=x;AccountKey=§==;EndpointSuffix=y', 'Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=§=', 'https://x.blob.core.windows.net/c?sv=1&sig=§%3D'),
  words('header in text', 'alnum', 'Authorization: Bearer §', "curl -H 'Authorization: Basic §=' u", 'X-API-Key: §', 'PRIVATE-TOKEN: §', 'Proxy-Authorization: Basic §'),
  words('GitHub', 'alnum', 'ghp_§', 'use github_pat_11ABC_§ here', 'gho_§,', 'glpat-§', '"ghs_§"'),
  words('Slack', 'alnum', 'xoxb-123456789012-123456789012-§', 'xoxp-1-2-3-§', 'xapp-1-A01-§'),
  words('packages', 'alnum', 'npm_§', 'pypi-AgEIcHlwaS5vcmc§', 'dckr_pat_§', 'rubygems_0123456789abcdef0123 §'.replace(' §', '0123456789')),
  words('Google', 'alnum', 'GOCSPX-§', 'AIzaSyD§', 'ya29.a0§', '1//0g§'),
  words('models', 'alnum', 'sk-§', 'sk-proj-§', 'sk-ant-api03-§', 'hf_§', 'gsk_§', 'xai-§', 'r8_§'),
  words('AWS', 'base32', 'AKIA§', 'ASIA§', 'aws_secret_access_key = §'),
  words('payments and mail', 'alnum', 'sk_live_§', 'rk_test_§', 'whsec_§', 'SG.abcdefghij§.§', 'key-§'.replace('§', '3ax6xnjp29jd6fds4gc373sgvjxteol0'), 'shpat_0123456789abcdef0123456789abcdef'),
  words('tokens in three parts', 'alnum', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx§.§', 'token eyJhbGciOiJub25lIn0.eyJhIjox§.', 'MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.§abcdefghijklmn'),
  words('PEM', 'base64', '-----BEGIN RSA PRIVATE KEY-----\n§\n§\n-----END RSA PRIVATE KEY-----', 'k = "-----BEGIN PRIVATE KEY-----\\n§\\n-----END PRIVATE KEY-----"', '-----BEGIN OPENSSH PRIVATE KEY-----\n§', '-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n§\n-----END PGP PRIVATE KEY BLOCK-----'),
  words('hashed password', 'alnum', '$2b$12$EixZaYVK1fsbw1ZfbX§', 'pbkdf2_sha256$260000$salt12$§', '{SSHA}§', '$6$salt1234$§'),
  words('message', 'alnum', 'cannot connect: password=§ was refused', 'bad line: API_KEY=§', "invalid value for token: '§'", 'value: postgresql://me:§@h/x'),
]; // biome-ignore format: a table

/** Variables that are copied into a deployment file unless they are found out: name and default. */
export const COPIED: readonly (readonly [kind: string, secret: SecretForm, name: string, value: string])[] = [
  ['user and password', 'password', 'BASIC_AUTH', 'admin:§'],
  ['user and password', 'password', 'HTTP_AUTH', 'me:§'],
  ['user and password', 'password', 'FLOWER_BASIC_AUTH', 'root:§'],
  ['user and password', 'password', 'DOCS_LOGIN', 'docs:§'],
  ['options', 'password', 'EXTRA_ARGS', '--password §'],
  ['options', 'password', 'CLI_FLAGS', '--user me --token=§'],
  ['options', 'password', 'PSQL_OPTIONS', '-h db --dbpass §'],
  ['options', 'password', 'CURL_OPTS', 'curl -u me:§'],
  ['JSON', 'password', 'MAIL_CONFIG', '{"host": "x", "password": "§"}'],
  ['JSON', 'password', 'SETTINGS', '{"client_secret":"§"}'],
  ['JSON', 'password', 'SMTP', '{"user": "a", "pass": "§"}'],
  ['JSON', 'alnum', 'GOOGLE_CONFIG', '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\n§\\n"}'],
  ['seeds', 'base32', 'OTP_SEED', '§'],
  ['seeds', 'base32', 'TOTP_SEED', '§'],
  ['seeds', 'phrase', 'WALLET_MNEMONIC', '§'],
  ['seeds', 'phrase', 'SEED_PHRASE', '§'],
  ['bots', 'alnum', 'TELEGRAM_BOT', '123456789:AA§'],
  ['bots', 'alnum', 'DISCORD_BOT', '§'],
  ['bots', 'alnum', 'SLACK_BOT', 'xoxb-1-§'],
  ['issued', 'alnum', 'MAILER', 'key-3ax6xnjp29jd6fds4gc373sgvjxteol0'],
  ['issued', 'alnum', 'LLM', 'sk-§'],
  ['issued', 'alnum', 'GH', 'ghp_§'],
  ['issued', 'alnum', 'REGISTRY', 'npm_§'],
  ['issued', 'alnum', 'OAUTH', 'GOCSPX-§'],
  ['issued', 'base32', 'CLOUD', 'AKIA§'],
  ['issued', 'alnum', 'SESSION', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIi§.§'],
  ['connection strings', 'password', 'LEGACY', 'host=db user=me password=§'],
  ['connection strings', 'password', 'ODBC', 'Driver={x};Server=y;Uid=sa;Pwd=§;'],
  ['connection strings', 'base64', 'BLOB', 'DefaultEndpointsProtocol=https;AccountName=x;AccountKey=§==;'],
  ['connection strings', 'base64', 'BUS', 'Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=§='],
  ['connection strings', 'password', 'GO_STORE', 'me:§@tcp(db:3306)/x'],
  ['connection strings', 'password', 'ORACLE', 'jdbc:oracle:thin:scott/§@//h:1521/x'],
  ['addresses', 'password', 'UPSTREAM', 'https://me:§@example.org/x'],
  ['addresses', 'odd', 'FEED', 'https://me:§@example.org/x'],
  ['addresses', 'alnum', 'CALLBACK', 'https://example.org/x?api_key=§'],
  ['addresses', 'alnum', 'NOTIFY', 'https://hooks.slack.com/services/T0/B0/§'],
  ['addresses', 'alnum', 'ALERTS', 'https://discord.com/api/webhooks/1/§'],
  ['addresses', 'alnum', 'TEAMS', 'https://x.webhook.office.com/webhookb2/§'],
  ['addresses', 'alnum', 'PING', 'https://api.telegram.org/bot12345678:AA§/send'],
  ['headers', 'alnum', 'UPSTREAM_HEADER', 'Bearer §'],
  ['headers', 'alnum', 'EXTRA_HEADERS', 'Authorization: Basic §='],
  ['headers', 'alnum', 'GATEWAY', 'X-Api-Key: §'],
  ['names', 'word', 'DB_PW', '§'],
  ['names', 'word', 'MOT_DE_PASSE', '§'],
  ['names', 'word', 'ADMIN_MDP', '§'],
  ['names', 'word', 'PASSWORT', '§'],
  ['names', 'word', 'KENNWORT', '§'],
  ['names', 'word', 'CONTRASENA', '§'],
  ['names', 'word', 'CLAVE_SECRETA', '§'],
  ['names', 'word', 'SENHA', '§'],
  ['names', 'word', 'ADMIN_PASSCODE', '§'],
  ['names', 'word', 'HTPASSWD', '§'],
  ['names', 'digits', 'USER_PIN_CODE', '§'],
  ['names', 'password', 'PASSWORD_ADMIN', '§'],
  ['dense', 'hex', 'VALUE_A', '§'],
  ['dense', 'base64', 'VALUE_B', '§'],
  ['dense', 'uuid', 'MAIL_API_KEY', '§'],
  ['hashed', 'alnum', 'ADMIN', '$2b$12$EixZaYVK1fsbw1ZfbX§'],
  ['hashed', 'alnum', 'ROOT_HASH', 'pbkdf2_sha256$260000$salt12$§'],
  ['keys', 'base64', 'SIGNER', '-----BEGIN RSA PRIVATE KEY-----§'],
]; // biome-ignore format: a table
