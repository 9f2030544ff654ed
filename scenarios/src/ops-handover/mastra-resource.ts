import { hostname, userInfo } from 'node:os'

/**
 * Mastra's exporter does not read OTEL_RESOURCE_ATTRIBUTES, so they are handed to it, with host and process as the
 * OpenTelemetry SDK beside it states them: both describe one agent.
 */
export function mastraResource(env: Readonly<Record<string, string | undefined>>): Record<string, string | number> {
  const stated = (env['OTEL_RESOURCE_ATTRIBUTES'] ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at < 1 ? [] : [[pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))] as const]
  })
  return {
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.owner': userInfo().username,
    ...Object.fromEntries(stated),
  }
}
