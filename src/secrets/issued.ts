/**
 * Forms that only issued credentials have. Prefixes, alphabets and lengths are facts of the rule set of gitleaks
 * (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml) and of the plugins of detect-secrets
 * (https://github.com/Yelp/detect-secrets/tree/master/detect_secrets/plugins); lengths are cut, to err towards hiding.
 */

/** Who issues it, and its form. Each form starts where a word starts. */
export const ISSUED: readonly (readonly [string, RegExp])[] = [
  ['GitHub', /gh[pousr]_[A-Za-z0-9]{10,}|github_pat_\w{10,}/],
  ['GitLab', /gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas|ffct)-[\w-]{10,}|gloas-[\w-]{10,}|GR1348941[\w-]{10,}/],
  ['Bitbucket, Atlassian', /AT(?:ATT|CTT|BB)[\w=-]{16,}/],
  ['OpenAI, Anthropic and their like', /sk-(?:(?:proj|ant|or|svcacct|admin|live|test|lf)-[\w-]{8,}|[A-Za-z0-9]{12,})/],
  ['Stripe, Clerk', /[rsp]k_(?:live|test|prod)_\w{10,}|whsec_[A-Za-z0-9+/=]{10,}/],
  ['Slack', /xox[abceoprs]-[\w-]{8,}|xapp-\d-[\w-]{8,}|xoxe\.xox[bp]-[\w-]{8,}/],
  ['AWS', /(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}|ABSK[A-Za-z0-9+/]{60,}={0,2}/],
  ['Google', /AIza[\w-]{20,}|ya29\.[\w-]{10,}|GOCSPX-[\w-]{10,}|1\/\/0[\w-]{20,}|AAAA[\w-]{7}:[\w-]{80,}/],
  ['JSON Web Token', /eyJ[\w-]{10,}\.[\w-]{6,}(?:\.[\w-]*){0,4}/],
  ['JSON in base64', /(?:ops_)?eyJ[A-Za-z0-9+/]{32,}={0,2}/],
  ['PEM in base64', /LS0tLS1CRUdJTi[A-Za-z0-9+/]{10,}={0,2}/],
  ['npm', /npm_[A-Za-z0-9]{10,}/],
  ['PyPI', /pypi-A[\w-]{10,}/],
  ['RubyGems, Clojars', /rubygems_[0-9a-f]{16,}|CLOJARS_[a-z0-9]{20,}/],
  ['Docker Hub', /dckr_[po]at_[\w-]{10,}/],
  ['SendGrid', /SG\.[\w-]{10,}\.[\w-]{10,}/],
  ['Brevo', /xkeysib-[a-f0-9]{20,}(?:-\w+)?|xsmtpsib-[a-f0-9]{20,}(?:-\w+)?/],
  ['Mailgun', /(?:pub)?key-(?=[a-z]{0,40}\d)[0-9a-z]{20,}/],
  ['Mailchimp', /[0-9a-f]{32}-us\d{1,2}(?![\w])/],
  ['Resend', /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{10,}/],
  ['Twilio', /(?:AC|SK)[0-9a-f]{32}/],
  ['Telegram', /\d{7,12}:AA[\w-]{28,}/],
  ['Discord', /[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{25,}|mfa\.[\w-]{40,}/],
  ['Hugging Face', /hf_[A-Za-z0-9]{16,}|api_org_[A-Za-z0-9]{16,}/],
  ['Groq, xAI, NVIDIA, Perplexity, Replicate', /gsk_\w{12,}|xai-[\w-]{16,}|nvapi-[\w-]{16,}|pplx-\w{16,}|r8_\w{16,}/],
  ['Tavily, Pinecone, Jina, Firecrawl', /tvly-[\w-]{10,}|pcsk_\w{10,}|jina_\w{16,}|fc-[0-9a-f]{24,}/],
  ['LangSmith, Langfuse, E2B', /lsv2_(?:pt|sk)_\w{10,}|ls__\w{16,}|[sp]k-lf-[\w-]{10,}|e2b_[0-9a-f]{16,}/],
  ['DigitalOcean', /do[opr]_v1_[a-f0-9]{10,}/],
  ['Render, Fly, Heroku', /rnd_\w{16,}|f(?:o1|m1[ar]|m2)_[\w+/-]{16,}={0,3}|HRKU-[\w-]{16,}/],
  ['Supabase', /sbp_[0-9a-f]{16,}|sb_(?:secret|publishable)_[\w-]{10,}/],
  ['PlanetScale, Databricks', /pscale_(?:tkn|oauth|pw)_[\w=.-]{10,}|dapi[a-f0-9]{32}(?:-\d)?/],
  ['HashiCorp', /hv[sbr]\.[\w-]{16,}|[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{20,}/],
  ['Grafana', /gl(?:sa|c)_[A-Za-z0-9+/]{16,}(?:_[A-Fa-f0-9]{8})?={0,3}/],
  ['Sentry', /sntry[su]_[\w+/=-]{16,}/],
  ['New Relic, Dynatrace, Datadog', /NR(?:AK|II|JS|RA)-[A-Za-z0-9-]{12,}|dt0[a-z]\d{2}\.[A-Z0-9a-z]{16,}\.[A-Z0-9a-z]{32,}/],
  ['Doppler, 1Password, age', /dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.]{20,}|A3-[A-Z0-9]{6}-[A-Z0-9-]{16,}|AGE-SECRET-KEY-1[A-Z0-9]{20,}/],
  ['Shopify, Square', /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{16,}|(?:EAAA|sq0(?:atp|csp)-)[\w-]{20,}/],
  ['Facebook', /EAA[A-Z][A-Za-z0-9]{40,}/],
  ['Linear, Notion, Figma, Typeform', /lin_(?:api|oauth)_\w{16,}|ntn_\w{16,}|secret_[A-Za-z0-9]{40,}|fig[dr]_[\w-]{16,}|tfp_[\w.=-]{20,}/],
  ['Airtable, Postman, Pulumi, Prefect', /pat[A-Za-z0-9]{14}\.[a-f0-9]{32,}|PMAK-[a-f0-9]{16,}-[a-f0-9]{16,}|pul-[a-f0-9]{30,}|pnu_\w{24,}/],
  ['Alibaba, Tencent, Yandex', /LTAI[A-Za-z0-9]{12,}|AKID[A-Za-z0-9]{20,}|AQVN[\w-]{24,}|t1\.[\w=-]{20,}\.[\w=-]{20,}/],
  ['Artifactory', /AKCp[A-Za-z0-9]{20,}|cmVmd[A-Za-z0-9]{30,}/],
  ['Azure', /[\w.~]{3}\dQ~[\w.~-]{24,}/],
  ['Flutterwave, EasyPost, Shippo, Duffel', /FLW(?:SECK|PUBK)[\w-]{12,}|EZ[AT]K[A-Za-z0-9]{30,}|(?:shippo|duffel)_(?:live|test)_[\w=-]{16,}/],
  ['Infracost, ReadMe, Sourcegraph, Octopus', /ico-[A-Za-z0-9]{24,}|rdme_\w{30,}|sgp_\w{20,}|API-[A-Z0-9]{26}|CCIPAT_\w{16,}|bkua_\w{16,}/],
  ['Braintree, Plaid, HubSpot, Harness', /access_token\$(?:production|sandbox)\$[\w$]{20,}|access-(?:production|sandbox|development)-[0-9a-f-]{30,}|pat-(?:na|eu|ap)\d-[0-9a-f-]{30,}|pat\.[\w-]{20,24}\.[0-9a-f]{24}\.\w{16,}/],
  ['SonarQube, Dropbox, X, Twitter', /sq[apu]_[0-9a-f]{32,}|sl\.[\w-]{60,}|A{18,22}[A-Za-z0-9%]{30,}/],
  ['OpenShift', /sha256~[\w-]{30,}/],
  ['Django', /django-insecure-[^\s"'`]{4,}/],
]; // biome-ignore format: a table

/** All of them, for one pass over a text. Not in the middle of a word or a path. */
export const ISSUED_FORM = new RegExp(`(?<![A-Za-z0-9_])(?:${ISSUED.map(([, form]) => form.source).join('|')})`, 'g');
