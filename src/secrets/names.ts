/**
 * What a name says about its value. The words are facts of detect-secrets' keyword list
 * (https://github.com/Yelp/detect-secrets/blob/master/detect_secrets/plugins/keyword.py), of the rule
 * `generic-api-key` of gitleaks with its exceptions (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml),
 * and their like in French, German, Spanish, Portuguese, Italian and Dutch; for a password also in other languages.
 */

/** 'strong': whatever stands there is a credential. 'weak': it is one when it looks like one. */
export type Saying = 'strong' | 'weak' | undefined;

const set = (words: string): ReadonlySet<string> => new Set(plain(words).split(/\s+/));

/** Words for a password, without accents. Several words are written as one. */
const PASSWORD = set(
  `password passwords passwd passwds passphrase passcode pass passw pswd psw pwd pw userpass dbpass smtppass mailpass
  htpasswd motdepasse mdp passwort passworter kennwort losungswort contrasena contrasenya contrasenia clavesecreta
  senha palavrapasse wachtwoord parolachiave parola haslo heslo losenord passord adgangskode salasana jelszo sifre
  parool slaptazodis lozinka zaporka geslo requirepass masterauth пароль парола 密码 密碼 口令 パスワード 비밀번호 암호
  κωδικος סיסמה`,
);
/** Other words that stand for a credential wherever they end a name. */
const CREDENTIAL = set(
  `secret secrets credential credentials creds salt pepper mnemonic seedphrase recoveryphrase recoverycode macaroon
  privkey apikey apikeys secretkey secretkeys accesskey privatekey signingkey encryptionkey masterkey authkey authtoken
  accesstoken refreshtoken bearertoken apitoken bottoken token tokens jeton geheimnis geheim segredo secreto
  clesecrete cleapi chavesecreta chaveapi claveapi geheimschlussel geheimschluessel apischlussel apischluessel
  codigosecreto otpseed totpseed totpsecret otpsecret authpin pincode`,
);
/** How words end that are written together: rootpassword, myapikey. */
const ENDINGS =
  /(?:password|passwd|pwd|passphrase|passwort|kennwort|contrasena|motdepasse|secret|apikey|secretkey|token)$/;

/** Words for a key; in capitals it is a credential (OPENAI_KEY), else with one of these before it (`api_key`). */
const KEY = set('key keys schlussel schluessel cle cles clave chave chiave sleutel');
const KEY_OF = set(
  `api access private priv secret auth signing sign encryption encrypt crypt crypto jwt fernet master account service
  client db database shared session cookie storage admin license licence deploy ssh rsa aes hmac webhook storage hash
  rapid openai anthropic gemini google stripe sendgrid mailgun twilio aws azure gcp github gitlab slack discord telegram
  cloudflare datadog sentry algolia airtable heroku groq cohere mistral deepseek huggingface pinecone tavily resend
  supabase paystack razorpay flutterwave mapbox postmark mailchimp okta cohere replicate together perplexity app bot user admin root`,
);
/** Names whose value has to look like a credential to be one. */
const WEAK = set(
  `auth authorization authentication basic seed bot sid signature sig dsn cookie cookies otp totp login logins
  webhook hook cert certificate bearer jwt pat pin pem keypair code csrf xsrf session sas
  clientid connectionstring connstr conn`,
);

/** Last words of names that speak about a secret without being one. */
const ABOUT = set(
  `expire expires expiry expiration exp minutes minute mins seconds second secs hours hour days day ttl lifetime age
  algorithm algorithms alg length len min max size limit limits count url uri urls uris endpoint endpoints prefix suffix header
  headers name names path paths file filename files dir directory folder type types issuer iss audience aud enabled
  disabled required rounds iterations region scheme schemes rotation provider manager leeway version format field fields
  interval timeout kid policy delay mode location samesite secure domain method methods hasher hashers validity duration
  template backend backends storage bucket blacklist regex pattern encoding strategy label placeholder title description
  help hint text message msg error errors status state strength validator validators validation schema model table
  column index id ids alias ref reference class cls func function handler service view form page route router link
  button input widget reset change changed confirm forgot required generator factory store usage budget window
  created updated at by on is has used revoked active valid invalid show hide visible check checker lookup mask masked
  options option config settings set list map dict cache context params param arg args env var variable variables
  json schema docs doc note notes info key_id`,
);
/** The two last words of names that are none, whatever their last one says. */
const NO_SECRET = set(
  `primary_key foreign_key cache_key sort_key partition_key unique_key public_key pub_key idempotency_key routing_key
  group_key index_key hash_key range_key object_key s3_key lookup_key natural_key schema_key hot_key stop_token
  stop_tokens special_token special_tokens output_tokens input_tokens completion_tokens new_tokens prompt_tokens
  context_tokens chunk_tokens max_tokens min_tokens num_tokens total_tokens n_tokens pad_token eos_token bos_token
  unk_token sep_token cls_token mask_token next_token page_token continuation_token public_token csrf_token
  xsrf_token cancellation_token sort_keys dict_keys foreign_keys primary_keys allow_credentials with_credentials
  include_credentials use_pass first_pass second_pass one_pass multi_pass no_pass by_pass proxy_pass fastcgi_pass
  uwsgi_pass scgi_pass grpc_pass memcached_pass token_key session_key site_key`,
);
/** Messages and flags, not values: INVALID_PASSWORD, is_secret, forgot_password. */
const TALK = set(
  `invalid wrong missing expired forgot forgotten incorrect mismatch weak bad empty no not is has can should must allow
  enable disable require requires needs without unauthorized unsupported unknown reset change update create delete
  verify validate check test_case rotate revoke`,
);
/** What may follow the word that counts: PASSWORD_B64, SECRET_KEY_BASE, API_KEY_2. */
const TRAILING = set(
  `b64 base64 base enc encoded urlenc raw hex default defaults fallback fallbacks dev development prod production test testing local
  staging stage old new previous current primary secondary value str string plain json`,
);

/** Lower-case words of a name, without accents: `DB_PASSWORD2`, `dbPassword`, `db-password` are db, password. */
export function wordsOf(name: string): string[] {
  return plain(name)
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .map((word) => (/^\d/.test(word) ? word : word.replace(/\d+$/, '')))
    .filter((word) => word !== '');
}

/** Without accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '');
}

/** What `name` says about the value that it is given. */
export function saying(name: string): Saying {
  const words = wordsOf(name);
  while (words.length > 1 && (TRAILING.has(words.at(-1) ?? '') || /^\d+$/.test(words.at(-1) ?? ''))) words.pop();
  const last = words.at(-1) ?? '';
  if (ABOUT.has(last) || NO_SECRET.has(words.slice(-2).join('_'))) return undefined;
  const talks = TALK.has(words[0] ?? '') && words.length > 1;
  if (endsStrong(words, name)) return talks ? 'weak' : 'strong';
  if (WEAK.has(last) || KEY.has(last) || words.some((w) => PASSWORD.has(w))) return 'weak';
  return undefined;
}

/** True when the value of something called so is a credential, whatever it looks like. */
export function isSecretName(name: string): boolean {
  return saying(name) === 'strong';
}

/** True when a word of the name means a password. */
export function namesPassword(name: string): boolean {
  return wordsOf(name).some((word) => PASSWORD.has(word) || /passw|passphrase|pwd$/.test(word));
}

function endsStrong(words: readonly string[], name: string): boolean {
  const last = words.at(-1) ?? '';
  for (let n = 1; n <= Math.min(3, words.length); n++) {
    const tail = words.slice(-n).join('');
    if (PASSWORD.has(tail) || CREDENTIAL.has(tail)) return true;
  }
  if (ENDINGS.test(last) && !/(?:tik|sub|de|un|max|num)token$|^nopass/.test(last)) return true;
  const constant = /^[A-Z][A-Z\d_]*$/.test(name);
  // PASSWORD_ADMIN
  if (constant && words.length === 2 && PASSWORD.has(words[0] ?? '')) return true;
  if (constant && last === 'dsn' && words.length > 1) return true;
  return KEY.has(last) && words.length > 1 && words.slice(0, -1).some((w) => KEY_OF.has(w));
}
