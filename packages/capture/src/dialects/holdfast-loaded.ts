import type { Component, ComponentKind } from '@holdfast/model'
import { isJsonObject, textField } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import type { Received } from '../decode/records.ts'
import type { Act } from './act.ts'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect } from './dialect.ts'

/** Characters of one text of a component. */
const MAX_TEXT = 512

/**
 * What `@holdfast/sdk/register` tells of its process: the runtime as it runs, and packages as the module graph resolved
 * them. It comes over OTLP and is the process's own word: a token would have to lie within its reach for any more.
 */
export const holdfastLoaded: Dialect = {
  name: 'holdfast-loaded',
  recognises: ({ record }) => record.kind === 'log' && record.eventName === 'holdfast.loaded',
  read: ({ resource }, reader) => {
    const pid = reader.number('process.pid')
    const runtime = runtimeOf(reader)
    return {
      // The runtime is told once for each process, and with it the image that the process says it runs from.
      acts: [...runtime, ...(runtime.length > 0 ? imageOf(resource) : []), ...packagesOf(reader)],
      stepName: `loaded packages of process ${pid ?? 'unknown'}`,
    }
  },
}

function runtimeOf(reader: AttributeReader): readonly Act[] {
  const name = reader.text('process.runtime.name')
  const version = reader.text('process.runtime.version')
  const path = reader.text('process.executable.path')
  if (name === undefined || version === undefined) return []
  return [
    loaded(
      { kind: 'runtime', name: short(name), version: short(version), slot: `runtime:${short(name)}`, details: {} },
      path,
    ),
  ]
}

/** As the semantic conventions spell it: a digest of the manifest, or repository digests (`name@sha256:...`). */
function imageOf({ attributes }: Received['resource']): readonly Act[] {
  const name = textOf(attributes.get('container.image.name'))
  if (name === undefined) return []
  const repositories = attributes.get('container.image.repo_digests')
  const [first] = Array.isArray(repositories) ? repositories : [repositories]
  const digest = [textOf(attributes.get('oci.manifest.digest')), textOf(first)].flatMap(
    (text) => IMAGE_DIGEST.exec(text ?? '')?.[1]?.toLowerCase() ?? [],
  )[0]
  const stated = digest === undefined ? {} : { digest: `sha256:${digest}` }
  return [loaded({ kind: 'image', name: short(name), ...stated, details: {} }, undefined)]
}

const IMAGE_DIGEST = /(?:^|@)sha256:([\da-f]{64})$/i

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function packagesOf(reader: AttributeReader): readonly Act[] {
  const texts = reader.texts('holdfast.loaded.packages')
  return texts.flatMap((text) => {
    const json = parseJsonText(text)
    const name = textField(json, 'name')
    const version = textField(json, 'version')
    const path = textField(json, 'path')
    if (!isJsonObject(json) || name === undefined || version === undefined) return []
    const kind = kindOf(name)
    const details = { ecosystem: 'npm', ...(path === undefined ? {} : { path: short(path) }) }
    return [loaded({ kind, name: short(name), version: short(version), details }, path)]
  })
}

function loaded(component: Component, loader: string | undefined): Act {
  return { kind: 'component', component, state: 'loaded', ...(loader === undefined ? {} : { loader: short(loader) }) }
}

/** Agent frameworks and model libraries are listed as such; whatever else a process loads is a package. */
function kindOf(name: string): ComponentKind {
  return FRAMEWORKS.some((known) => (known.endsWith('/') ? name.startsWith(known) : name === known))
    ? 'framework'
    : 'package'
}

/** Names, or scopes with their slash, of what drives an agent or speaks to a model. */
const FRAMEWORKS = [
  '@ai-sdk/',
  '@anthropic-ai/',
  '@aws-sdk/client-bedrock-agent-runtime',
  '@aws-sdk/client-bedrock-runtime',
  '@a2a-js/',
  '@google/adk',
  '@google/genai',
  '@google/generative-ai',
  '@huggingface/',
  '@langchain/',
  '@llamaindex/',
  '@mastra/',
  '@mistralai/mistralai',
  '@modelcontextprotocol/',
  '@openai/',
  '@strands-agents/',
  'ai',
  'cohere-ai',
  'groq-sdk',
  'langchain',
  'llamaindex',
  'node-llama-cpp',
  'ollama',
  'onnxruntime-node',
  'openai',
]

function short(text: string): string {
  return text.slice(0, MAX_TEXT)
}
