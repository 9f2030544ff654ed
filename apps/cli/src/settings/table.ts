/** One setting of `holdfast up`: the flag, the variable and the key in a file are all made of its name. */
type Setting = {
  readonly kind: 'text' | 'path' | 'port' | 'switch'
  readonly brief: string
  /** The text is an address of the web, and no credential stands in it: settings are shown, and stand in lists of processes. */
  readonly isAddress?: boolean
  /** What holds where nobody says otherwise; absent: nothing. */
  readonly fallback?: string | number | boolean
}

const TABLE = {
  data: { kind: 'path', brief: 'data folder', fallback: '.holdfast' },
  'http-port': { kind: 'port', brief: 'port of the pages and the API', fallback: 4319 },
  'otlp-http-port': { kind: 'port', brief: 'port of OTLP over HTTP', fallback: 4318 },
  'otlp-grpc-port': { kind: 'port', brief: 'port of OTLP over gRPC', fallback: 4317 },
  host: { kind: 'text', brief: 'address to listen on', fallback: '127.0.0.1' },
  'take-next-port': { kind: 'switch', brief: 'where a port is taken, take the next', fallback: false },
  sensor: { kind: 'switch', brief: 'start the kernel sensor where it can run', fallback: true },
  'sensor-listen': { kind: 'text', brief: 'address for sensors of other hosts' },
  rules: { kind: 'path', brief: 'folder of rules of your own' },
  connectors: { kind: 'path', brief: 'file that names whom the server may speak to' },
  'forward-otlp': {
    kind: 'text',
    isAddress: true,
    brief: 'OTLP/HTTP endpoint that accepted telemetry is passed on to',
  },
  'forward-otlp-headers': { kind: 'path', brief: 'file of headers for that endpoint' },
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof TABLE

/** Every setting, by its name. */
export const SETTINGS: Readonly<Record<SettingName, Setting>> = TABLE

/** Their names, in the order in which they are shown. */
export const SETTING_NAMES = Object.keys(TABLE) as readonly SettingName[] // exactly the keys of the table

/** `HOLDFAST_HTTP_PORT` of `http-port`. */
export function variableOf(name: SettingName): string {
  return `HOLDFAST_${name.toUpperCase().replaceAll('-', '_')}`
}

/** The value that a text gives this setting; undefined where it gives none. */
export function valueOf(name: SettingName, given: unknown): string | number | boolean | undefined {
  switch (SETTINGS[name].kind) {
    case 'text':
    case 'path':
      return typeof given === 'string' && isMeant(name, given) ? given : undefined
    case 'port': {
      const port = typeof given === 'string' && /^\d{1,5}$/.test(given) ? Number(given) : given
      return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined
    }
    case 'switch':
      if (typeof given === 'boolean') return given
      return given === 'true' ? true : given === 'false' ? false : undefined
  }
}

function isMeant(name: SettingName, text: string): boolean {
  if (SETTINGS[name].isAddress !== true) return text !== ''
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

/** What a person must write for it. */
export function wanted(name: SettingName): string {
  switch (SETTINGS[name].kind) {
    case 'text':
      return SETTINGS[name].isAddress === true
        ? 'an address that begins with https:// or http:// and holds no credentials'
        : 'a text'
    case 'path':
      return 'a path'
    case 'port':
      return 'a number from 0 to 65535'
    case 'switch':
      return 'true or false'
  }
}
