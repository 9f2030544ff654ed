import type { DataFlags } from '../flags.ts'
import { agentFlags, type AgentFlags } from '../roster/agent-flags.ts'

/** Where a proxy listens. */
export type Listen = { readonly host: string; readonly port: number }

export type ProxyFlags = DataFlags &
  AgentFlags & {
    readonly name?: string
    readonly listen?: Listen
    readonly inject: boolean
  }

/** What the proxies take alike. */
export const proxyFlags = {
  ...agentFlags,
  name: {
    kind: 'parsed',
    parse: parseName,
    optional: true,
    brief: 'Name of the agent (default: OTEL_SERVICE_NAME)',
    placeholder: 'NAME',
  },
  url: { kind: 'parsed', parse: parseUrl, placeholder: 'URL' },
  listen: {
    kind: 'parsed',
    parse: parseListen,
    optional: true,
    brief: 'With --url: where to listen (default: 127.0.0.1, a free port)',
    placeholder: 'HOST:PORT',
  },
  inject: {
    kind: 'boolean',
    default: true,
    brief: 'Give requests without a trace context one, so that the other side’s spans join',
  },
} as const

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new SyntaxError(`"${text}" is no http address`)
  if (url.username !== '' || url.password !== '') throw new SyntaxError('a URL with a password would be recorded')
  return url
}

function parseListen(text: string): Listen {
  const [, host, port] = /^(?:(\[[^\]]+\]|[^:]*):)?(\d{1,5})$/.exec(text) ?? []
  if (port === undefined || Number(port) > 65_535) throw new SyntaxError('listen on HOST:PORT or PORT')
  return {
    host: host === undefined || host === '' ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port),
  }
}

function parseName(text: string): string {
  if (!/^[^\p{Cc}\p{Cf}/]{1,128}$/u.test(text))
    throw new SyntaxError('a name is 1 to 128 characters on one line, without "/"')
  return text
}
