import { formatUtc } from '../time/time.ts'
import { useNow } from '../time/use-now.ts'

/** The present, in the zone of everything else on the page. */
export function Clock() {
  const now = useNow()
  return (
    <span className="tabular hidden text-faint min-[100rem]:inline" title="now, by this browser's clock">
      {formatUtc(BigInt(now) * 1_000_000n).replace(/:\d\d\.\d+ /, ' ')}
    </span>
  )
}
