/** Objects of libraries that are not made without a value, and the variables that they read by themselves. Each was run. */

export interface DemandingCall {
  /** Keyword → what it refuses: None alone, or every value that counts as false. */
  readonly refuses: Readonly<Record<string, 'none' | 'falsy'>>;
  /** What it reads where none of these keywords is given. */
  readonly reads?: { readonly variable: string; readonly unless: readonly string[] };
  readonly source: string;
}

const OPENAI: DemandingCall = {
  refuses: { api_key: 'none' },
  reads: {
    variable: 'OPENAI_API_KEY',
    unless: ['api_key', 'admin_api_key', 'workload_identity', 'azure_ad_token', 'azure_ad_token_provider'],
  },
  source: 'https://github.com/openai/openai-python#usage',
};
const GROQ: DemandingCall = {
  refuses: { api_key: 'none' },
  reads: { variable: 'GROQ_API_KEY', unless: ['api_key'] },
  source: 'https://github.com/groq/groq-python#usage',
};
const MAIL: DemandingCall = {
  // An address of e-mail: no text that is empty is one.
  refuses: { MAIL_FROM: 'falsy', MAIL_USERNAME: 'none', MAIL_PASSWORD: 'none', MAIL_SERVER: 'none', MAIL_PORT: 'none' },
  source: 'https://sabuhish.github.io/fastapi-mail/getting-started/#connectionconfig-class',
};

/** Dotted name → row. */
export const DEMANDING_CALLS: Readonly<Record<string, DemandingCall>> = {
  'openai.OpenAI': OPENAI,
  'openai.AsyncOpenAI': OPENAI,
  'groq.Groq': GROQ,
  'groq.AsyncGroq': GROQ,
  'fastapi_mail.ConnectionConfig': MAIL,
  'fastapi_mail.config.ConnectionConfig': MAIL,
};

/** What mentions one of them. */
export const MENTIONS_DEMANDING = /\b(?:Async)?(?:OpenAI|Groq)\b|\bConnectionConfig\b/;

/** A library of Django that a setting names: it asks for a setting of its own, or for variables. */
export interface DemandingSetting {
  /** The text that brings it into use. */
  readonly named: RegExp;
  /** The setting that spares the variable. */
  readonly unless: RegExp;
  readonly variable: string;
  readonly source: string;
}

export const DEMANDING_SETTINGS: readonly DemandingSetting[] = [
  {
    named: /^[^#\n]*["']cloudinary_storage\.storage\.\w+["']/m,
    unless: /\bCLOUDINARY_STORAGE\b|CLOUDINARY_URL|CLOUDINARY_CLOUD_NAME/,
    variable: 'CLOUDINARY_URL',
    source: 'https://github.com/klis87/django-cloudinary-storage#usage',
  },
];
