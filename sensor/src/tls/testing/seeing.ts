import type { HttpExchange } from '@holdfast/capture'
import { startLoader } from '../../loader/start-loader.ts'
import type { Loader } from '../../loader/start-loader.ts'
import { RECORD_OFFSET, RECORD_TYPE } from '../../loader/record-layout.ts'
import { endOf, number64 } from '../../record-layout.ts'
import { loaderPath } from '../../testing/root.ts'
import { TlsCapture } from '../tls-capture.ts'

/** A loader with the TLS part of the driver behind it, and what it has seen. */
export class Seeing implements AsyncDisposable {
  readonly loader: Loader
  readonly tls: TlsCapture
  readonly exchanges: HttpExchange[]

  private constructor(loader: Loader, tls: TlsCapture, exchanges: HttpExchange[]) {
    this.loader = loader
    this.tls = tls
    this.exchanges = exchanges
  }

  static async start(): Promise<Seeing> {
    const to: { tls?: TlsCapture } = {}
    const exchanges: HttpExchange[] = []
    const loader = await startLoader({ path: loaderPath, onRecords: (bytes) => feed(bytes, to.tls) })
    const tls = new TlsCapture({
      send: (verb, ...words) => loader.send(verb, ...words),
      // Our own text, written from this type.
      onExchange: (_cgroup, entry) => void exchanges.push(JSON.parse(entry.toString()) as HttpExchange),
      bootId: loader.hello.bootId,
      bootToWallNs: () => BigInt(loader.hello.bootToWallNs),
      contextOf: () => ({}),
    })
    to.tls = tls
    await tls.prepare()
    return new Seeing(loader, tls, exchanges)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.tls[Symbol.dispose]()
    await this.loader.stop()
  }
}

function feed(bytes: Buffer, tls: TlsCapture | undefined): void {
  let at = 0
  for (let end = endOf(bytes, at); end !== undefined; end = endOf(bytes, at)) {
    const type = bytes.readUInt16LE(at + RECORD_OFFSET.type)
    const pid = bytes.readUInt32LE(at + RECORD_OFFSET.pid)
    if (type === RECORD_TYPE.exec) tls?.began(pid)
    if (type === RECORD_TYPE.exit) tls?.ended(pid, BigInt(number64(bytes, at + RECORD_OFFSET.bootNs)))
    if (type === RECORD_TYPE.tlsData) tls?.take(bytes, at)
    at = end
  }
}
