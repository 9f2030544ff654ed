import { CliError } from '../cli-error.ts'
import type { Api } from './api.ts'

/**
 * Where agents that a command starts send their telemetry: what was typed, what the data folder or the server itself says,
 * or the standard variable of OpenTelemetry.
 */
export async function otlpAddressOf(
  api: Api,
  options: { readonly flag: string | undefined; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<string> {
  const address =
    options.flag ??
    api.server.otlpHttp ??
    (await api.call('getSession')).otlpHttp ??
    options.env['OTEL_EXPORTER_OTLP_ENDPOINT']
  if (address !== undefined && URL.canParse(address)) return address
  throw new CliError('usage', `${api.server.http} does not say where it takes OTLP`, {
    remedy: 'add --otlp http://127.0.0.1:4318',
  })
}
