import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { HttpError } from '../http/problem.ts'
import { SensorAuthority } from './authority.ts'
import { SensorEnrolment, type EnrolmentOptions } from './enrolment.ts'
import { REMOTE_CONNECTIONS, REMOTE_HANDSHAKE_MS, REMOTE_REQUEST_MS } from './limits.ts'
import { answerSensor, sensorMemory, type SensorSocketOptions } from './listen.ts'

export type OpenRemoteSensors = { readonly enrolment: SensorEnrolment; readonly listener: RemoteSensors }

/** Opens the authority of the folder and listens for the sensors that it knows. */
export async function openRemoteSensors(
  options: Omit<RemoteSensorsOptions, 'authority' | 'enrolment'> & Pick<EnrolmentOptions, 'write'>,
): Promise<OpenRemoteSensors> {
  const { folder, write } = options
  const authority = await SensorAuthority.open(folder)
  let cut: RemoteSensors['cut'] = () => undefined
  const onRevoked = (sensor: string): void => cut(sensor)
  const enrolment = new SensorEnrolment({ folder, authority, write, now: () => performance.now(), onRevoked })
  const listener = await startRemoteSensors({ ...options, authority, enrolment })
  cut = listener.cut
  return { enrolment, listener }
}

type RemoteSensorsOptions = SensorSocketOptions & {
  readonly host: string
  readonly port: number
  readonly authority: SensorAuthority
  readonly enrolment: SensorEnrolment
}

type RemoteSensors = AsyncDisposable & {
  readonly port: number
  /** Ends what a sensor has open. */
  readonly cut: (sensor: string) => void
}

/**
 * Listens for the sensors of other hosts: HTTPS with a certificate at both ends. Whoever has none may enrol and nothing
 * else; a certificate speaks for the sensor it names, as long as that one is not revoked.
 */
async function startRemoteSensors(options: RemoteSensorsOptions): Promise<RemoteSensors> {
  const { authority, enrolment } = options
  const { key, certificate } = await authority.serverCredential()
  const memory = sensorMemory()
  const open = new Map<TLSSocket, string>()
  const admit = (request: IncomingMessage, claimed: string): void => {
    const sensor = sensorOf(request)
    if (sensor === undefined || !enrolment.isAdmitted(sensor))
      throw new HttpError(401, 'this sensor is not enrolled, or was revoked: holdfast sensor enrol')
    if (sensor !== claimed) throw new HttpError(403, 'this certificate is of another sensor')
    if (request.socket instanceof TLSSocket) open.set(request.socket, sensor)
  }
  const server = createServer(
    {
      key,
      cert: `${certificate}\n${authority.certificate}`,
      ca: authority.certificate,
      requestCert: true,
      // Whoever enrols has none yet: `admit` looks at it, for every request of every other kind.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      handshakeTimeout: REMOTE_HANDSHAKE_MS,
      requestTimeout: REMOTE_REQUEST_MS,
    },
    (request: IncomingMessage, response: ServerResponse) => {
      answerSensor({ ...options, memory, admit, enrolment }, request, response)
    },
  )
  server.maxConnections = REMOTE_CONNECTIONS
  server.on('secureConnection', (socket) => socket.once('close', () => open.delete(socket)))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  return {
    port,
    cut: (sensor) => {
      for (const [socket, of] of open) if (of === sensor) socket.destroy()
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** The name in a certificate that our authority made for a sensor; the handshake has verified both. */
function sensorOf({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const name = socket.getPeerCertificate().subject?.CN
  return typeof name === 'string' ? name : undefined
}
