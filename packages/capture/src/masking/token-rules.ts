import { ALNUM, asciiOf, BASE64, hasDigit, isAt, runEnd, TOKEN, UPPER_ALNUM, WORD } from './characters.ts'
import { byteAt } from '../otlp/wire.ts'

/** A credential that is known by how it begins. Lengths are those of its issuer, loosened: recall comes first. */
type TokenRule = {
  readonly rule: string
  readonly prefixes: readonly string[]
  /** Bytes that may follow the prefix. */
  readonly charset: Uint8Array
  /** Bytes that must follow the prefix at least. */
  readonly minBytes: number
  /** A digit must be among them; keeps `sk-learn-...` and other words out. */
  readonly needsDigit?: boolean
}

const RULES: readonly TokenRule[] = [
  { rule: 'anthropic-key', prefixes: ['sk-ant-'], charset: TOKEN, minBytes: 20 },
  { rule: 'openai-key', prefixes: ['sk-'], charset: TOKEN, minBytes: 20, needsDigit: true },
  {
    rule: 'aws-key-id',
    prefixes: ['AKIA', 'ASIA', 'AGPA', 'AIDA', 'AROA', 'AIPA', 'ANPA', 'ANVA'],
    charset: UPPER_ALNUM,
    minBytes: 16,
  },
  {
    rule: 'github-token',
    prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    charset: setWith(TOKEN, '.'),
    minBytes: 30,
  },
  { rule: 'github-token', prefixes: ['github_pat_'], charset: WORD, minBytes: 40 },
  {
    rule: 'gitlab-token',
    prefixes: ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glsoat-', 'glagent-'],
    charset: setWith(TOKEN, '.'),
    minBytes: 18,
  },
  {
    rule: 'slack-token',
    prefixes: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxe.', 'xoxc-', 'xoxd-', 'xapp-'],
    charset: setWith(TOKEN, '.%'),
    minBytes: 10,
    needsDigit: true,
  },
  { rule: 'google-key', prefixes: ['AIza'], charset: TOKEN, minBytes: 30 },
  { rule: 'google-secret', prefixes: ['GOCSPX-'], charset: TOKEN, minBytes: 20 },
  { rule: 'google-token', prefixes: ['ya29.'], charset: TOKEN, minBytes: 20 },
  {
    rule: 'stripe-key',
    prefixes: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'],
    charset: ALNUM,
    minBytes: 16,
  },
  { rule: 'npm-token', prefixes: ['npm_'], charset: WORD, minBytes: 30 },
  { rule: 'groq-key', prefixes: ['gsk_'], charset: ALNUM, minBytes: 40 },
  { rule: 'huggingface-token', prefixes: ['hf_'], charset: ALNUM, minBytes: 30 },
  { rule: 'linear-key', prefixes: ['lin_api_'], charset: WORD, minBytes: 30 },
  { rule: 'notion-token', prefixes: ['ntn_'], charset: ALNUM, minBytes: 40 },
  { rule: 'sendgrid-key', prefixes: ['SG.'], charset: setWith(TOKEN, '.'), minBytes: 30, needsDigit: true },
  { rule: 'shopify-token', prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], charset: ALNUM, minBytes: 30 },
  { rule: 'grafana-token', prefixes: ['glc_', 'glsa_'], charset: setWith(BASE64, '_'), minBytes: 30 },
  { rule: '1password-token', prefixes: ['ops_ey'], charset: BASE64, minBytes: 90 },
  { rule: 'vault-token', prefixes: ['hvs.', 'hvb.', 'hvr.'], charset: TOKEN, minBytes: 80 },
  {
    rule: 'vercel-token',
    prefixes: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'],
    charset: ALNUM,
    minBytes: 20,
    needsDigit: true,
  },
  { rule: 'databricks-token', prefixes: ['dapi'], charset: setWith(ALNUM, '-'), minBytes: 32 },
  { rule: 'docker-token', prefixes: ['dckr_pat_', 'dckr_oat_'], charset: TOKEN, minBytes: 20 },
  { rule: 'figma-token', prefixes: ['figd_'], charset: TOKEN, minBytes: 30 },
  { rule: 'cloudflare-token', prefixes: ['cfk_', 'cfut_', 'cfat_'], charset: ALNUM, minBytes: 40 },
  { rule: 'tailscale-key', prefixes: ['tskey-'], charset: TOKEN, minBytes: 20, needsDigit: true },
]

/** Rules by the first byte of their prefixes. */
const BY_FIRST_BYTE: ReadonlyMap<number, readonly (TokenRule & { readonly prefix: string })[]> = Map.groupBy(
  RULES.flatMap((rule) => rule.prefixes.map((prefix) => ({ ...rule, prefix }))),
  ({ prefix }) => prefix.charCodeAt(0),
)

/** Four-byte words at which the token rules look. The word stands at the start of the prefix. */
export const TOKEN_TRIGGERS: readonly string[] = RULES.flatMap(({ prefixes }) => prefixes.map(triggerOf))

/** One credential found: `[from, to)`. */
export type Found = { readonly rule: string; readonly from: number; readonly to: number }

/**
 * The token rules over one text. Remembers runs of characters in which a rule failed, because each of their suffixes
 * fails as well: without that a run of `sk-sk-sk-` would be read over and over.
 */
export class TokenMatcher {
  readonly #bytes: Uint8Array
  readonly #failedUntil = new Map<TokenRule, number>()

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The credential that begins at `at`, if the text `[from, to)` around it holds one. */
  match(at: number, from: number, to: number): Found | undefined {
    const bytes = this.#bytes
    const candidates = BY_FIRST_BYTE.get(byteAt(bytes, at))
    if (candidates === undefined || !isTokenStart(bytes, at, from)) return undefined
    for (const candidate of candidates) {
      if (!isAt(bytes, at, to, candidate.prefix)) continue
      const bodyFrom = at + candidate.prefix.length
      if (bodyFrom < (this.#failedUntil.get(candidate) ?? 0)) continue
      const end = runEnd(bytes, candidate.charset, bodyFrom, to)
      const isLong = end - bodyFrom >= candidate.minBytes
      if (isLong && (candidate.needsDigit !== true || hasDigit(bytes, bodyFrom, end))) {
        return { rule: candidate.rule, from: at, to: end }
      }
      this.#failedUntil.set(candidate, end)
    }
    return undefined
  }
}

/**
 * True where a token may begin at `at`: not in the middle of a word, and not on the letter of an escape: the `n` of
 * `\npm_...` in JSON text is half of a line break, and to overwrite it would break the text around.
 */
export function isTokenStart(bytes: Uint8Array, at: number, from: number): boolean {
  if (at === from) return true
  const before = byteAt(bytes, at - 1)
  if (before === 0x5c) return false
  if (byteAt(ALNUM, before) === 0) return true
  return isAfterEscape(bytes, at, from)
}

/** True where the letters before `at` are the escape of another character in JSON text: `\n`, `\u000a`. */
export function isAfterEscape(bytes: Uint8Array, at: number, from: number): boolean {
  if (
    at - 2 >= from &&
    byteAt(bytes, at - 2) === 0x5c &&
    'nrtbf'.includes(String.fromCharCode(byteAt(bytes, at - 1)))
  ) {
    return true
  }
  return at - 6 >= from && byteAt(bytes, at - 6) === 0x5c && /^\\u[0-9a-fA-F]{4}$/.test(asciiOf(bytes, at - 6, at))
}

function triggerOf(prefix: string): string {
  return prefix.slice(0, 4).padEnd(4, '?')
}

function setWith(set: Uint8Array, more: string): Uint8Array {
  const larger = set.slice()
  for (let i = 0; i < more.length; i += 1) larger[more.charCodeAt(i)] = 1
  return larger
}
