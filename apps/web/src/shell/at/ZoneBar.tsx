import { useZoneOfAddress } from './use-zone-of-address.ts'

/** Says above every page that its times are not in UTC, what still is, and leads back. */
export function ZoneBar() {
  const { zone, set } = useZoneOfAddress()
  if (zone === undefined) return null
  return (
    <aside
      aria-label="Zone of times"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-accent-ground px-4 py-1"
    >
      <span>
        Times in <strong>{zone}</strong>
      </span>
      <span className="text-soft">Days, charts, exports and captured text stay in UTC.</span>
      <button type="button" className="button ml-auto" onClick={() => set(undefined)}>
        Back to UTC
      </button>
    </aside>
  )
}
