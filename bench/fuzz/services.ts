/** Generated services: how they start, where the database URL stands, which bytes they are written in. */
import fc from 'fast-check';
import { type Encoding, encode } from '../../src/repo/source.ts';

/** Stands wherever a generated service holds a credential. */
export const PLANTED = 'hunter2Xq9';

const APPS = [
  'from fastapi import FastAPI\n\napp = FastAPI()\n',
  'from fastapi import FastAPI as F\napplication: F = F(title="x")\n\n\n@application.get("/health")\ndef health():\n    return {}\n',
  'from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n    return app\n\n\napp = create_app()\n',
  'import flask\napp = flask.Flask(__name__)\n@app.route("/")\ndef index(): return "é"\n',
  '"""Doc."""\nfrom __future__ import annotations\nimport os, sys\nfrom starlette.applications import Starlette\napp = Starlette()\n',
];

const STARTS = [
  '',
  '\nif __name__ == "__main__":\n    import uvicorn\n    uvicorn.run("main:app", host="127.0.0.1", port=8000, reload=True)\n',
  "\nif __name__ == '__main__':\n\timport uvicorn\n\tuvicorn.run(app, port=8000)\n",
  '\nif __name__ == "__main__":\n    app.run(debug=True)\n',
  '\nif __name__ == "__main__":\n    app.run(\n        host="192.168.0.3",  # mine\n        port=5000,\n    )\n',
  '\nimport uvicorn\n\n\ndef run():\n    uvicorn.run(app, host="localhost")\n\n\nif __name__ == "__main__": run()\n',
  '\x0c\nPORT = 8080\nif __name__ == "__main__":\n    import uvicorn; uvicorn.run(app, host="0.0.0.0", port=PORT)\n',
];

const SETTINGS = [
  '',
  `\nSECRET_KEY = "${PLANTED}"\n`,
  `\nimport os\nDATABASE_URL = os.getenv("DATABASE_URL", "postgresql://me:${PLANTED}@db/x")\nTOKEN = os.environ["API_TOKEN"]\n`,
  `\nfrom pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    database_url: str = "postgresql://me:${PLANTED}@localhost/x"\n    secret_key: str = "${PLANTED}"\n\n\nsettings = Settings()\n`,
];

const INI = [
  undefined,
  `[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://me:${PLANTED}@localhost/db\n\n[loggers]\nkeys = root\n`,
  `[alembic]\nscript_location = alembic\nsqlalchemy.url: mysql+pymysql://root:${PLANTED}@h/db ; old\n`,
  '[alembic]\nscript_location=%(here)s/alembic\nsqlalchemy.url = driver://user:pass@localhost/dbname',
];

const ENV_PY = [
  'from alembic import context\nfrom sqlalchemy import engine_from_config, pool\n\nconfig = context.config\ntarget_metadata = None\n\n\ndef run_migrations_online():\n    connectable = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)\n    with connectable.connect() as connection:\n        context.configure(connection=connection, target_metadata=target_metadata)\n        with context.begin_transaction():\n            context.run_migrations()\n\n\nrun_migrations_online()\n',
  `import os\nfrom alembic import context\nconfig = context.config\nconfig.set_main_option("sqlalchemy.url", "postgresql://me:${PLANTED}@h/x")\nfrom models import Base\ntarget_metadata = Base.metadata\n`,
];

const REQUIREMENTS = [
  undefined,
  '',
  'fastapi\nuvicorn[standard]>=0.3\n',
  '# pins\nFlask==3.0.0 \\\n    --hash=sha256:aa\n',
  `--extra-index-url https://me:${PLANTED}@pypi.example.org/simple\nfastapi~=0.1 ; python_version > "3"\n-r more.txt\n\n`,
  'fastapi\ngunicorn==21.2.0',
];

const OTHERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { Procfile: 'web: python main.py\n' },
  {
    'render.yaml': `services:\n  - type: web\n    name: x\n    envVars:\n      - key: SECRET_KEY\n        value: ${PLANTED}\n`,
  },
  { '.env': `DATABASE_URL=postgresql://me:${PLANTED}@h/x\nSECRET_KEY=${PLANTED}\n` },
  { 'pyproject.toml': '[project]\nname = "x"\nversion = "0"\ndependencies = [\n  "fastapi",\n]\n' },
  { Dockerfile: `FROM python:3.12\nENV API_KEY=${PLANTED}\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0"]\n` },
];

const ends = fc.constantFrom('\n', '\n', '\r\n', 'mixed', '\r');
const encodings = fc.constantFrom<Encoding | 'bom'>('utf-8', 'utf-8', 'bom', 'latin1');

function bytesOf(text: string, end: string, encoding: Encoding | 'bom', final: boolean, python: boolean): Buffer {
  let line = 0;
  let out = text.replace(/\n/g, () => (end === 'mixed' ? (line++ % 2 === 0 ? '\n' : '\r\n') : end));
  if (!final) out = out.replace(/[\r\n]+$/, '');
  if (encoding === 'latin1') {
    return python
      ? encode(`# -*- coding: latin-1 -*-${end === 'mixed' ? '\n' : end}${out}`, { encoding, bom: false })
      : Buffer.from(out);
  }
  return encode(out, { encoding: 'utf-8', bom: encoding === 'bom' });
}

/** Files of a service: path → bytes. */
export const anyService: fc.Arbitrary<Readonly<Record<string, Buffer>>> = fc
  .record({
    app: fc.constantFrom(...APPS),
    settings: fc.constantFrom(...SETTINGS),
    start: fc.constantFrom(...STARTS),
    ini: fc.constantFrom(...INI),
    env: fc.constantFrom(...ENV_PY),
    requirements: fc.constantFrom(...REQUIREMENTS),
    other: fc.constantFrom(...OTHERS),
    folder: fc.constantFrom('', '', 'backend/', 'app/'),
    end: ends,
    encoding: encodings,
    final: fc.boolean(),
  })
  .map(({ app, settings, start, ini, env, requirements, other, folder, end, encoding, final }) => {
    const texts: Record<string, string> = { [`${folder}main.py`]: app + settings + start };
    if (ini !== undefined) {
      texts[`${folder}alembic.ini`] = ini;
      texts[`${folder}alembic/env.py`] = env;
      texts[`${folder}models.py`] =
        'from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n\n\nclass A(Base):\n    __tablename__ = "a"\n';
    }
    if (requirements !== undefined) texts[`${folder}requirements.txt`] = requirements;
    for (const [name, text] of Object.entries(other)) texts[name] = text;
    return Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, bytesOf(text, end, encoding, final, name.endsWith('.py'))]),
    );
  });
