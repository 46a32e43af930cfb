import { JsonForms } from '@jsonforms/react'
import { vanillaCells, vanillaRenderers } from '@jsonforms/vanilla-renderers'
import { createElement, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'

function App({ definition, onReady }) {
  const [data, setData] = useState({})
  useEffect(() => onReady(), [onReady])
  return createElement(JsonForms, { ...definition, data, renderers: vanillaRenderers, cells: vanillaCells, onChange: (event) => setData(event.data) })
}

export async function mount(definition, container) {
  const root = createRoot(container)
  await new Promise((onReady) => root.render(createElement(App, { definition, onReady })))
  return {
    control(key, value) {
      const id = `#/properties/${key}`
      // The radio buttons of all groups carry the same ids: the option's value alone.
      if (value) return container.querySelector(`input[name="${id}"][value="${value}"]`)
      return document.getElementById(`${id}-input`) ?? document.getElementById(`${id}/properties/o1-input`) ?? container.querySelector(`input[name="${id}"]`)
    },
    unmount: () => root.unmount(),
  }
}
