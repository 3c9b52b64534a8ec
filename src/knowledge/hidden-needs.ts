import { say } from '../system/say.ts';
/** What libraries need without importing it when they are imported: they stop, or fail, when it is asked for. */

export interface HiddenNeed {
  /** Modules that give the names. */
  readonly from: RegExp;
  /** Names whose use asks for it; undefined: to import from there is enough. */
  readonly names?: readonly string[];
  /** Normalised name of the distribution. */
  readonly needs: string;
  /** What happens without it. */
  readonly without: string;
  readonly source: string;
}

export const HIDDEN_NEEDS: readonly HiddenNeed[] = [
  {
    from: /^fastapi(?:\.params)?$/,
    names: ['Form', 'File', 'UploadFile'],
    needs: 'python-multipart',
    without: say`FastAPI stops at the route that takes a form`,
    source: 'https://fastapi.tiangolo.com/tutorial/request-forms/',
  },
  {
    from: /^fastapi\.security(?:\.oauth2)?$/,
    names: ['OAuth2PasswordRequestForm', 'OAuth2PasswordRequestFormStrict'],
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
];
