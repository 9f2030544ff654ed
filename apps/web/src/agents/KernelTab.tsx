import { getRouteApi } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Sensors } from '../ui/Sensors.tsx'

const route = getRouteApi(paths.agentKernel)

/** What the kernel tells of an agent, and what it cannot. */
export function KernelTab() {
  const { agent } = route.useParams()
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4">
      <section className="max-w-3xl">
        <h2 className="mb-1 font-semibold">What the kernel tells</h2>
        <Sensors agent={agent} />
      </section>
    </div>
  )
}
