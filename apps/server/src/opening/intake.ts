import { join } from 'node:path'
import { openForwarder, refuseLoop } from '../forward/open-forwarder.ts'
import { listenOrNext } from '../listen.ts'
import { startOtlpGrpc } from '../otlp/grpc.ts'
import { startOtlpHttp } from '../otlp/http.ts'
import { LeftSpools } from '../proxy/left-spools.ts'
import { OnlineProxies } from '../proxy/online-proxies.ts'
import { ProxyBatches } from '../proxy/proxy-batches.ts'
import { ProxyOrders } from '../proxy/proxy-orders.ts'
import { LocalSensor } from '../sensor/local-sensor.ts'
import { openSensors } from '../sensor/open.ts'
import type { Spine } from './spine.ts'

/** Every way in which records come: OTLP, kernel sensors, proxies. */
export type Intake = Awaited<ReturnType<typeof openIntake>>

/**
 * Begins to listen. Throws an Error that names the owner of a port that is taken, and for an address to pass telemetry on to
 * that cannot be meant.
 */
export async function openIntake(stack: AsyncDisposableStack, spine: Spine) {
  const { options, folder, recorder, reader, policy, gaps, clock, logger } = spine
  const { host } = options
  // Ends after the listeners: what they still took in is passed on as far as there is time.
  const forward = openForwarder(options, logger)
  if (forward !== undefined) stack.use(forward)
  const sink = {
    append: recorder.append.bind(recorder),
    policy: () => policy.current(),
    refused: gaps.count.bind(gaps),
    forward,
  }
  const otlpHttp = stack.use(
    await listenOrNext(options, options.otlpHttpPort, (port) => startOtlpHttp({ host, port, sink })),
  )
  refuseLoop(options, otlpHttp.port)
  const otlpGrpc = stack.use(
    await listenOrNext(options, options.otlpGrpcPort, (port) => startOtlpGrpc({ host, port, sink })),
  )

  const listenAt = options.sensorListen
  const sensors = await openSensors({ folder, recorder, reader, policy, gaps, clock, logger, listenAt })
  if (sensors.socket !== undefined) stack.use(sensors.socket)
  if (sensors.remote !== undefined) stack.use(sensors.remote.listener)
  // Ends before the socket does, so that its last batches and words are taken.
  const localSensor = stack.use(
    new LocalSensor({ folder, link: sensors.link, logger, isWanted: options.sensor && sensors.socket !== undefined }),
  )

  const proxies = new ProxyBatches({ recorder, reader, policy: () => policy.current(), gaps, clock })
  const onlineProxies = stack.use(new OnlineProxies({ nowMs: () => performance.now() }))
  const proxyOrders = {
    orders: new ProxyOrders({ recorder, reader, online: onlineProxies, clock }),
    online: onlineProxies,
  }
  stack.use(new LeftSpools({ folder: join(folder, 'proxy-spool'), proxies, logger }))
  return { otlpHttp, otlpGrpc, forward, sensors, localSensor, proxies, proxyOrders }
}
