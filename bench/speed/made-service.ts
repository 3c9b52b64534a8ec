/** Made FastAPI services: the same seed gives the same bytes. */

export type Tree = Record<string, string>;

export interface ServiceShape {
  readonly seed: number;
  /** Python files in all, at least 12. */
  readonly files: number;
  /** Bytes of one module, roughly. */
  readonly moduleBytes: number;
  /** Environment variables read by the modules, spread evenly. */
  readonly variables?: number;
  /** Every module imports Base from where it is not defined, and runs the server. */
  readonly everyFileMatches?: boolean;
}

const NOUNS =
  'account address basket booking branch budget category channel client comment contract course customer delivery device event export group invoice item label lesson ledger message notice offer order parcel payment person plan policy profile project quote rating record region report review route sample section session shipment site stock student survey task team ticket transfer trip unit vendor visit voucher'.split(
    ' ',
  );
const VERBS =
  'apply attach build check close collect count create filter find import list load mark merge move open parse print read refresh remove rename reset send sort split store sum update'.split(
    ' ',
  );

/** A linear congruential generator; https://en.wikipedia.org/wiki/Linear_congruential_generator (Numerical Recipes). */
function numbers(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One service with alembic, a settings module, models and routers, to be patched by every part. */
export function madeService(shape: ServiceShape): Tree {
  const next = numbers(shape.seed);
  const count = Math.max(1, shape.files - 11);
  const tree: Tree = {
    'requirements.txt': 'fastapi==0.115.0\nuvicorn[standard]==0.32.0\nsqlalchemy==2.0.36\nalembic==1.14.0\n',
    'README.md': '# A made service\n',
    '.gitignore': '__pycache__/\n*.pyc\n.env\n/build/\n',
    'alembic.ini': `[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://postgres:postgres@localhost:5432/made\n\n[loggers]\nkeys = root\n`,
    'alembic/env.py': ENV_PY,
    'alembic/versions/0001_start.py': MIGRATION,
    'app/__init__.py': '',
    'app/config.py': CONFIG,
    'app/database.py': DATABASE,
    'app/db/__init__.py': '',
    'app/db/base.py': 'from app.database import Base\n\n__all__ = ["Base"]\n',
    'app/models/__init__.py': '',
    'app/routers/__init__.py': '',
    'app/security.py': module(next, 'security', shape.moduleBytes),
  };
  const routers: string[] = [];
  const models: string[] = [];
  for (let i = 0; i < count; i++) {
    const name = `${NOUNS[i % NOUNS.length]}_${i}`;
    if (i % 3 === 0) {
      models.push(name);
      tree[`app/models/${name}.py`] = head(shape, i, count) + model(name) + module(next, name, shape.moduleBytes);
    } else {
      routers.push(name);
      tree[`app/routers/${name}.py`] =
        head(shape, i, count) + router(name) + module(next, name, shape.moduleBytes) + tail(shape);
    }
  }
  tree['app/models/__init__.py'] = models.map((m) => `from app.models.${m} import ${title(m)}\n`).join('');
  tree['app/main.py'] = mainModule(routers);
  return tree;
}

/** Functions that look like what people write, none of which nayek has a rule for. Roughly `bytes` long. */
export function module(next: (below: number) => number, name: string, bytes: number): string {
  let out = '';
  for (let i = 0; out.length < bytes; i++) {
    const verb = VERBS[next(VERBS.length)];
    const noun = NOUNS[next(NOUNS.length)];
    out += `

def ${verb}_${noun}_${i}(items: list[dict], limit: int = ${next(100)}) -> dict:
    """${title(`${verb}_the_${noun}_of_${name}`)}, at most \`limit\` of them."""
    found: dict[str, int] = {}
    for index, item in enumerate(items):
        if index >= limit or item.get("${noun}") is None:
            continue
        key = f"{item['${noun}']}:{index % ${2 + next(7)}}"
        found[key] = found.get(key, 0) + int(item["count"]) * ${1 + next(9)}
    return {key: value for key, value in found.items() if value > ${next(10)}}
`;
  }
  return out;
}

/** A generator of numbers for `module`. */
export { numbers };

function head({ variables = 0, everyFileMatches = false }: ServiceShape, i: number, count: number): string {
  const mine = Array.from(
    { length: Math.floor(((i + 1) * variables) / count) - Math.floor((i * variables) / count) },
    (_, k) => {
      const name = `MADE_${Math.floor((i * variables) / count) + k}`;
      return `${name} = os.getenv("${name}", "${k}")\n`;
    },
  );
  const matching = everyFileMatches ? 'from app.db.base import Base\n' : '';
  return `${mine.length > 0 ? 'import os\n' : ''}${matching}${mine.join('')}`;
}

function tail({ everyFileMatches = false }: ServiceShape): string {
  return everyFileMatches
    ? '\n\nif __name__ == "__main__":\n    import uvicorn\n\n    uvicorn.run("app.main:app", host="127.0.0.1", port=8000)\n'
    : '';
}

function title(name: string): string {
  return name.replace(/(?:^|_)(\w)/g, (_, c: string) => c.toUpperCase());
}

function model(name: string): string {
  return `from sqlalchemy import Column, Integer, String

from app.database import Base


class ${title(name)}(Base):
    __tablename__ = "${name}"

    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
`;
}

function router(name: string): string {
  return `from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from app.database import get_session

router = APIRouter(prefix="/${name}", tags=["${name}"])


@router.get("/")
def list_all(session: Session = Depends(get_session)):
    return []


@router.get("/{key}")
def read_one(key: int, session: Session = Depends(get_session)):
    return {"key": key}
`;
}

function mainModule(routers: readonly string[]): string {
  return `from fastapi import FastAPI

from app.config import LOG_LEVEL
${routers.map((r) => `from app.routers import ${r}\n`).join('')}
app = FastAPI(title="Made")
${routers.map((r) => `app.include_router(${r}.router)\n`).join('')}

@app.get("/health")
def health():
    return {"status": "ok", "level": LOG_LEVEL}


if __name__ == "__main__":
    import uvicorn

    uvicorn.run("app.main:app", host="127.0.0.1", port=8000, reload=True)
`;
}

const CONFIG = `import os

LOG_LEVEL = os.getenv("LOG_LEVEL", "INFO")
SECRET_KEY = os.environ["SECRET_KEY"]
DATABASE_URL = os.getenv("DATABASE_URL", "sqlite:///./made.db")
`;

const DATABASE = `from sqlalchemy import create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

from app.config import DATABASE_URL

engine = create_engine(DATABASE_URL)
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()


def get_session():
    session = SessionLocal()
    try:
        yield session
    finally:
        session.close()
`;

const MIGRATION = `from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("made", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("made")
`;

const ENV_PY = `from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

from app.db.base import Base
import app.models

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
target_metadata = Base.metadata


def run_migrations_online():
    connectable = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
`;
