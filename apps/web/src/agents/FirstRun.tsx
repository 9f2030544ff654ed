import { HELM_INSTALL, PLAIN_INSTALL } from '@holdfast/model'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { queries } from '../data/queries.ts'
import { demoQueries } from '../demo/queries.ts'
import { paths } from '../paths.ts'
import { Command } from '../ui/Copy.tsx'
import { PageHead } from '../ui/Page.tsx'
import { collector, environment, FRAMEWORKS, run } from './set-up.ts'

/** How an agent is pointed here, with the addresses of this server. It gives way by itself when the first is heard. */
export function FirstRun() {
  const { data: session } = useSuspenseQuery(queries.session())
  const { data: demo } = useSuspenseQuery(demoQueries.demo())
  useGiveWay(demo.hasOwnAgents)
  const endpoint = session.otlpHttp ?? 'http://127.0.0.1:4318'
  const hasDemo = demo.items.length > 0
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <PageHead
        tab="Point an agent here"
        title={
          demo.hasOwnAgents
            ? 'Point an agent here'
            : hasDemo
              ? 'Waiting for your first agent'
              : 'Nothing has been recorded yet'
        }
      >
        Holdfast listens for OpenTelemetry at <code>{endpoint}</code>.{' '}
        {!demo.hasOwnAgents && 'This page turns into the list of agents by itself when the first span arrives.'}
      </PageHead>
      <div className="mx-auto grid max-w-6xl grid-cols-1 gap-4 p-4 lg:grid-cols-3">
        <div className="flex min-w-0 flex-col gap-4 lg:col-span-2">
          <section className="panel flex flex-col gap-3 p-4">
            <h2 className="text-lg font-semibold">Point an agent here</h2>
            <p className="text-soft">
              Set these where the agent runs. Instrumentation leaves prompts, arguments and results out unless it is
              told otherwise: without the last two lines the evidence would be empty where it matters. An
              instrumentation that knows no such mode takes <code>true</code> in the last one.
            </p>
            <Command text={environment(endpoint)} label="environment for any OpenTelemetry program" />
            {FRAMEWORKS.map(({ name, note, text }) => (
              <div key={name} className="flex flex-col gap-1">
                <h3 className="font-semibold">{name}</h3>
                <p className="text-soft">{note}</p>
                <Command text={text} label={`set-up for ${name}`} />
              </div>
            ))}
          </section>
          <section className="panel flex flex-col gap-3 p-4">
            <h2 className="text-lg font-semibold">Install in a cluster</h2>
            <p className="text-soft">
              One server that writes nothing in the cluster, behind a Collector that asks agents for a token. No image
              is published: the first lines build it. Rights to hold workloads and the kernel sensor are switched on by
              values of the chart; deploy/README.md lists them.
            </p>
            <Command text={HELM_INSTALL} label="the commands that install by Helm" />
            <p className="text-soft">The same without Helm:</p>
            <Command text={PLAIN_INSTALL} label="the commands that install by plain manifests" />
          </section>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {!hasDemo && (
            <section className="panel flex flex-col gap-3 p-4">
              <h2 className="text-lg font-semibold">See it work first</h2>
              <p className="text-soft">
                Four incidents as they happen, by real agents with scripted models. All of it is marked as demo data and
                removed in one click.
              </p>
              <Command text="npm run -s holdfast -- demo" label="the command that runs the demo" />
            </section>
          )}
          <section className="panel flex flex-col gap-3 p-4">
            <h2 className="text-lg font-semibold">Put any command under observation</h2>
            <p className="text-soft">
              Sets the variables for it, and on Linux as root has the kernel watch what it does.
            </p>
            <Command text={run()} label="the command that runs an agent" />
          </section>
          <section className="panel flex flex-col gap-3 p-4">
            <h2 className="text-lg font-semibold">Tee from a Collector</h2>
            <p className="text-soft">
              One more exporter, on this machine; what the Collector sends elsewhere stays as it is.
            </p>
            <Command text={collector(endpoint)} label="Collector configuration" />
          </section>
          <section className="panel flex flex-col gap-3 p-4">
            <h2 className="text-lg font-semibold">Load a recording</h2>
            <p className="text-soft">OTLP files and public agent runs. Made-up clocks are said so on every event.</p>
            <Command text="npm run -s holdfast -- import PATH" label="the command that imports a recording" />
          </section>
        </div>
      </div>
    </div>
  )
}

/** Goes to the list of agents when one's own is heard for the first time, while the page is open. */
function useGiveWay(hasOwnAgents: boolean): void {
  const [hadOwnAgents] = useState(hasOwnAgents)
  const navigate = useNavigate()
  useEffect(() => {
    if (hasOwnAgents && !hadOwnAgents) void navigate({ to: paths.agents })
  }, [hasOwnAgents, hadOwnAgents, navigate])
}
