import { userInfo } from 'node:os'

/** Mastra's exporter does not read OTEL_RESOURCE_ATTRIBUTES, so they are handed to it, with the process beside them. */
export function mastraResource(env: Readonly<Record<string, string | undefined>>): Record<string, string | number> {
  const stated = (env['OTEL_RESOURCE_ATTRIBUTES'] ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at < 1 ? [] : [[pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))] as const]
  })
  return { 'process.pid': process.pid, 'process.owner': userInfo().username, ...Object.fromEntries(stated) }
}
