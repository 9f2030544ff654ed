import { useNow } from '../time/use-now.ts'
import { formatIn, useZone } from '../time/zone.ts'

/** The present, in the zone of everything else on the page. */
export function Clock() {
  const now = useNow()
  const zone = useZone()
  return (
    <span className="tabular hidden text-faint min-[100rem]:inline" title="now, by this browser's clock">
      {formatIn(BigInt(now) * 1_000_000n, zone).replace(/:\d\d\.\d+ /, ' ')}
    </span>
  )
}
