/**
 * Made-up credentials in the form of each issuer. Put together at run time, so that no scanner of source code takes
 * this file for a leak.
 */
function repeat(characters: string, length: number): string {
  return characters.repeat(Math.ceil(length / characters.length)).slice(0, length)
}

const MIXED = 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8x'
const LETTERS = 'aBcDeFgHiJkLmNoPqRsTuVwXyZ'
const HEX = '0123456789abcdef'
const PEM = repeat(`${repeat(MIXED, 64)}\n`, 65 * 20)
const KEY_LINE = ['-----BEGIN RSA PRIVATE', 'KEY-----\n'].join(' ')
const END_LINE = ['-----END RSA PRIVATE', 'KEY-----'].join(' ')

/** One made-up credential, and the part of it that must not be seen again. */
export type Sample = { readonly name: string; readonly text: string; readonly secret: string }

function token(name: string, prefix: string, length: number, characters = MIXED): Sample {
  const text = prefix + repeat(characters, length)
  return { name, text, secret: text }
}

export const TOKENS: readonly Sample[] = [
  token('AWS access key id', 'AKI' + 'A', 16, 'B3D5F7H9K2M4P6R8'),
  token('GitHub', 'gh' + 'p_', 36),
  token('GitHub fine-grained', 'github' + '_pat_', 82),
  token('GitLab', 'gl' + 'pat-', 20),
  token('Slack bot', 'xox' + 'b-1234567890-1234567890-', 24),
  token('Slack app', 'xap' + 'p-1-A0B1C2D3E4-1234567890-', 40, HEX),
  token('OpenAI project', 'sk-' + 'proj-', 120),
  {
    ...token('OpenAI', 'sk-', 20),
    text: `sk-${repeat(MIXED, 20)}T3Blbk${'FJ'}${repeat(MIXED, 20)}`,
    secret: `T3Blbk${'FJ'}`,
  },
  { name: 'Anthropic', text: `sk-${'ant'}-api03-${repeat(MIXED, 93)}AA`, secret: repeat(MIXED, 93) },
  token('Google API key', 'AI' + 'za', 35),
  token('Stripe', 'sk_' + 'live_', 24),
  token('npm', 'np' + 'm_', 36),
  token('Groq', 'gs' + 'k_', 52),
  token('Hugging Face', 'h' + 'f_', 34, LETTERS),
  token('Linear', 'lin' + '_api_', 40),
  token('Notion', 'nt' + 'n_12345678901', 35),
  { name: 'SendGrid', text: `S${'G'}.${repeat(MIXED, 22)}.${repeat(MIXED, 43)}`, secret: repeat(MIXED, 43) },
  token('Shopify', 'shp' + 'at_', 32, HEX),
  token('Grafana', 'gl' + 'c_', 64),
  { name: 'Grafana service account', text: `gl${'sa'}_${repeat(MIXED, 32)}_0123abcd`, secret: repeat(MIXED, 32) },
  { name: '1Password', text: `ops${'_ey'}${repeat(MIXED, 120)}fQ`, secret: repeat(MIXED, 120) },
  token('Vault', 'hv' + 's.', 95),
  token('Vercel', 'vc' + 'p_', 24),
  token('Databricks', 'da' + 'pi', 32, HEX),
  token('Docker', 'dckr' + '_pat_', 27),
  token('Figma', 'fi' + 'gd_', 40),
  { name: 'Cloudflare', text: `cf${'ut'}_${repeat(MIXED, 40)}0123abcd`, secret: repeat(MIXED, 40) },
  { name: 'Tailscale', text: `tsk${'ey'}-auth-${repeat(MIXED, 12)}-${repeat(MIXED, 32)}`, secret: repeat(MIXED, 32) },
  {
    name: 'Slack webhook',
    text: `https://hooks.slack.com/services/T0${'1234567'}/B0${'1234567'}/${repeat(MIXED, 24)}`,
    secret: repeat(MIXED, 24),
  },
  {
    name: 'JWT',
    text: `ey${'J'}hbGciOiJIUzI1NiJ9.ey${'J'}zdWIiOiIxMjM0In0.${repeat(MIXED, 43)}`,
    secret: repeat(MIXED, 43),
  },
  { name: 'private key', text: `${KEY_LINE}${PEM}${END_LINE}`, secret: repeat(MIXED, 64) },
  { name: 'URL with password', text: 'https://deploy:' + 'hunter2pass@host.example.com/x', secret: 'hunter2pass' },
  { name: 'PostgreSQL URL', text: 'postgres://app:' + 'S3cr3tPw9@db.example.com:5432/orders', secret: 'S3cr3tPw9' },
  { name: 'MySQL URL', text: 'mysql://app:' + 'S3cr3tPw9@db.example.com/orders', secret: 'S3cr3tPw9' },
  { name: 'MongoDB URL', text: 'mongodb+srv://app:' + 'S3cr3tPw9@db.example.com/orders', secret: 'S3cr3tPw9' },
  { name: 'Redis URL without user', text: 'redis://:' + 'S3cr3tPw9@cache.example.com', secret: 'S3cr3tPw9' },
  {
    name: 'npm registry',
    text: '//registry.example.com/:_auth' + `Token=${repeat(MIXED, 36)}`,
    secret: repeat(MIXED, 36),
  },
  {
    name: 'GitHub by basic auth',
    text: `https://${repeat(HEX, 40)}:x-oauth-basic@${'github.com'}/`,
    secret: repeat(HEX, 40),
  },
  { name: 'AWS secret key', text: `AWS_SECRET_ACCESS_KEY=${repeat(MIXED, 40)}`, secret: repeat(MIXED, 40) },
  { name: 'Azure', text: `AccountName=x;Account${'Key'}=${repeat(MIXED, 86)}==`, secret: repeat(MIXED, 86) },
  { name: 'Bearer header', text: `Authorization: Bearer ${repeat(MIXED, 30)}`, secret: repeat(MIXED, 30) },
  { name: 'Bearer alone', text: `used bearer ${repeat(MIXED, 12)} then`, secret: repeat(MIXED, 12) },
  {
    name: 'Basic header',
    text: `authorization: Basic ${Buffer.from('user:pass').toString('base64')}`,
    secret: Buffer.from('user:pass').toString('base64'),
  },
  {
    name: 'AWS signature',
    text: `Authorization: AWS4-HMAC-SHA256 Credential=x/20260101, Signature=${repeat(HEX, 64)}`,
    secret: repeat(HEX, 64),
  },
  { name: 'cookie header', text: `Cookie: sid=${repeat(MIXED, 20)}; theme=dark`, secret: repeat(MIXED, 20) },
  { name: 'environment', text: 'DB_PASSWORD=correct-horse', secret: 'correct-horse' },
  { name: 'YAML', text: 'password: hunter2secret', secret: 'hunter2secret' },
  { name: 'source code', text: 'api_key = "abcdEFGH1234"', secret: 'abcdEFGH1234' },
]

/** Ordinary text in which nothing is a credential. */
export const PROSE: readonly string[] = [
  'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-Ab12Cd',
  'The password must be at least twelve characters long; see the password policy.',
  'Authorization: required for every request. Basic understanding of OAuth is assumed.',
  'Bearer certificates and bearer authentication were discussed at the meeting.',
  'Use scikit: sk-learn-contrib-something-very-long is a task-based risk-assessment-framework.',
  'In Asia, the secretary keeps secrets; a cookie recipe needs 200 g of flour.',
  'Visit https://example.com:8080/path?user=a@b.c or mailto:someone@example.com for help.',
  'The token budget is 4096 input_tokens and output_tokens; max_tokens=512.',
  'An npm_config_registry variable, a hf_hub folder and the gh_pages branch are fine.',
  'import { apiKeySchema } from "./schema.ts" // the apiKey field is validated there',
  'Basic JavaScript knowledge; basically the same as before. Basic auth is deprecated.',
  'An example of two header lines: Set-Cookie: a=b\r\nCookie: id=7\r\n',
  'password: see the vault, cookie: none, api_key: (unset)',
  'eyJust a word, and -beginning with a dash -----BEGIN CERTIFICATE----- is public.',
]
