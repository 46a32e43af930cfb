// A single-page application: each view is mounted and unmounted; code of the elements is loaded when a view needs it.
const host = 'https://HOST'

const views = {
  '#/': () => element('guichet-catalog', 'catalog.js', { href: '#/apply/{agency}/{service}' }),
  '#/status': () => element('guichet-status', 'status.js', {}),
  '#/apply/': (service) => element('guichet-service', 'embed.js', { service }),
}

function element(tag, file, attributes) {
  // A module is loaded once, however often it is imported.
  void import(`${host}/${file}`)
  const made = document.createElement(tag)
  made.setAttribute('base', host)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}

function show() {
  const { hash } = location
  const path = hash.startsWith('#/apply/') ? '#/apply/' : hash
  const view = Object.hasOwn(views, path) ? views[path] : views['#/']
  document.querySelector('#view').replaceChildren(view(hash.slice(path.length)))
}

addEventListener('hashchange', show)
document.addEventListener('guichet-submitted', ({ detail }) => {
  document.querySelector('#said').textContent = `Sent: ${detail.reference}`
})
show()
