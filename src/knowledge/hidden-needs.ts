/** What libraries need without importing it when they are imported: they stop, or fail, when it is asked for. */
import { say } from '../system/say.ts';

export interface HiddenNeed {
  /** Modules that give the names. */
  readonly from: RegExp;
  /** Names whose use asks for it; undefined: to import from there is enough. */
  readonly names?: readonly string[];
  /** Only where the name stands in a parameter of a function, or of a decorated one. */
  readonly where?: 'parameter' | 'route';
  /** What the file must say besides. */
  readonly text?: RegExp;
  /** Normalised name of the distribution. */
  readonly needs: string;
  /** What happens without it. */
  readonly without: string;
  readonly source: string;
}

export const HIDDEN_NEEDS: readonly HiddenNeed[] = [
  {
    from: /^fastapi(?:\.params)?$/,
    names: ['Form', 'File'],
    where: 'parameter',
    needs: 'python-multipart',
    without: say`FastAPI stops at the route that takes a form`,
    source: 'https://fastapi.tiangolo.com/tutorial/request-forms/',
  },
  {
    from: /^fastapi(?:\.datastructures)?$/,
    names: ['UploadFile'],
    where: 'route',
    needs: 'python-multipart',
    without: say`FastAPI stops at the route that takes a form`,
    source: 'https://fastapi.tiangolo.com/tutorial/request-files/',
  },
  {
    from: /^fastapi\.security(?:\.oauth2)?$/,
    names: ['OAuth2PasswordRequestForm', 'OAuth2PasswordRequestFormStrict'],
    where: 'parameter',
    needs: 'python-multipart',
    without: say`FastAPI stops at the route that takes the form`,
    source: 'https://fastapi.tiangolo.com/tutorial/security/first-steps/',
  },
  {
    from: /^pydantic(?:\.networks)?$/,
    names: ['EmailStr', 'NameEmail'],
    needs: 'email-validator',
    without: say`pydantic stops at the model that has the field`,
    source: 'https://docs.pydantic.dev/latest/api/networks/#pydantic.networks.EmailStr',
  },
  {
    from: /^wtforms\.validators$/,
    names: ['Email'],
    needs: 'email-validator',
    without: say`WTForms stops at the form that has the field`,
    source: 'https://wtforms.readthedocs.io/en/3.2.x/validators/#wtforms.validators.Email',
  },
  {
    from: /^(?:starlette|fastapi)\.middleware\.sessions$/,
    needs: 'itsdangerous',
    without: say`Starlette cannot import its sessions`,
    source: 'https://www.starlette.io/middleware/#sessionmiddleware',
  },
  {
    from: /^(?:starlette|fastapi)\.templating$/,
    names: ['Jinja2Templates'],
    needs: 'jinja2',
    without: say`Starlette stops where the templates are made`,
    source: 'https://www.starlette.io/templates/',
  },
  {
    from: /^passlib\.context$/,
    names: ['CryptContext'],
    text: /schemes\s*=\s*[[(]\s*["']bcrypt["']/,
    needs: 'bcrypt',
    without: say`passlib has no backend for the first password`,
    source: 'https://passlib.readthedocs.io/en/stable/lib/passlib.hash.bcrypt.html',
  },
  {
    from: /^passlib\.context$/,
    names: ['CryptContext'],
    text: /schemes\s*=\s*[[(]\s*["']argon2["']/,
    needs: 'argon2-cffi',
    without: say`passlib has no backend for the first password`,
    source: 'https://passlib.readthedocs.io/en/stable/lib/passlib.hash.argon2.html',
  },
  {
    from: /^fastapi\.responses$/,
    names: ['ORJSONResponse'],
    needs: 'orjson',
    without: say`the response is made by it`,
    source: 'https://fastapi.tiangolo.com/advanced/custom-response/#use-orjsonresponse',
  },
  {
    from: /^fastapi\.responses$/,
    names: ['UJSONResponse'],
    needs: 'ujson',
    without: say`the response is made by it`,
    source: 'https://fastapi.tiangolo.com/advanced/custom-response/',
  },
  {
    from: /^(?:starlette|fastapi)\.testclient$/,
    names: ['TestClient'],
    needs: 'httpx',
    without: say`Starlette cannot import its test client`,
    source: 'https://www.starlette.io/testclient/',
  },
];
