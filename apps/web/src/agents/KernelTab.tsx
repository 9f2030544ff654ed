import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { plural } from '../ui/format.ts'
import { Scrollable } from '../ui/Scrollable.tsx'
import { KernelFacts } from './KernelFacts.tsx'
import { SensorSight } from './SensorSight.tsx'

const route = getRouteApi(paths.agentKernel)

/** What the kernel tells of an agent, and what it cannot. */
export function KernelTab() {
  const { agent: id } = route.useParams()
  const { data: agent } = useSuspenseQuery(queries.agent(id))
  const records = agent.coverage.dialects
    .filter(({ dialect }) => KERNEL_DIALECTS.has(dialect))
    .reduce((sum, { entries }) => sum + entries, 0)
  return (
    <Scrollable label="Kernel" className="grid min-h-0 flex-1 content-start gap-x-8 gap-y-6 p-4 lg:grid-cols-2">
      <section aria-label="What is seen">
        <h2 className="mb-1 font-semibold">What is seen, and what is not</h2>
        <SensorSight agent={id} />
      </section>
      <section aria-label="What the kernel saw" className="min-w-0">
        <h2 className="mb-1 font-semibold">
          What the kernel saw <span className="font-normal text-faint">{plural(records, 'record')} in all</span>
        </h2>
        {/* Looking for what was never recorded would read thousands of entries. */}
        {records === 0 ? (
          <p className="text-soft">No kernel event of this agent was ever recorded.</p>
        ) : (
          <KernelFacts agent={id} />
        )}
      </section>
    </Scrollable>
  )
}

const KERNEL_DIALECTS: ReadonlySet<string> = new Set(['sensor', 'tetragon', 'falco'])
