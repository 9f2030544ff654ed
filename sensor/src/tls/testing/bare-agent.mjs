/* A Node program without any instrumentation: asks a model over HTTPS, calls the tool that it names, and asks again. */
import { connect } from 'node:http2'
import { request } from 'node:https'

const [, , port, protocol] = process.argv
const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-never-to-be-seen' }

function askHttp1(body) {
  const options = { host: 'localhost', port, path: '/v1/chat/completions', method: 'POST', headers }
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, rejectUnauthorized: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      answer.on('end', () => resolve(text))
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}

const session = protocol === 'h2' ? connect(`https://localhost:${port}`, { rejectUnauthorized: false }) : undefined

function askHttp2(body) {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': '/v1/chat/completions', ...headers })
    let text = ''
    stream.setEncoding('utf8').on('data', (chunk) => (text += chunk))
    stream.on('end', () => resolve(text))
    stream.on('error', reject)
    stream.end(JSON.stringify(body))
  })
}

const ask = session === undefined ? askHttp1 : askHttp2
const tools = [
  { type: 'function', function: { name: 'look_up', description: 'Looks up.', parameters: { type: 'object' } } },
]
const system = { role: 'system', content: `You are the order desk. ${'Be exact. '.repeat(8_000)}` }
const messages = [system, { role: 'user', content: 'Where is order 4711? — ünïcode' }]
const first = JSON.parse(await ask({ model: 'small', messages, tools }))
const message = first.choices[0].message
messages.push(message, { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '{"status":"shipped"}' })
await ask({ model: 'small', stream: true, messages, tools })
session?.close()
