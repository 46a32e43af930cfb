import Form from '@rjsf/core'
import validator from '@rjsf/validator-ajv8'
import { createElement, useEffect } from 'react'
import { createRoot } from 'react-dom/client'

function App({ definition, onReady }) {
  useEffect(() => onReady(), [onReady])
  // Else it fills a field in with the constant that a condition mentions.
  const experimental_defaultFormStateBehavior = { constAsDefaults: 'never' }
  return createElement(Form, { ...definition, validator, noHtml5Validate: true, experimental_defaultFormStateBehavior })
}

export async function mount(definition, container) {
  const root = createRoot(container)
  await new Promise((onReady) => root.render(createElement(App, { definition, onReady })))
  return {
    control: (key, value) => container.querySelector(value ? `#root_${key}-${Number(value.slice(1)) - 1}` : `#root_${key}, #root_${key}-0`),
    unmount: () => root.unmount(),
  }
}
