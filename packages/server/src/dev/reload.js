/**
 * Only development builds load this (see embed.ts and the builder's main.ts): the page is loaded anew when what it loads
 * was built again, or when the server has started again.
 */
function follow(first) {
  const changes = new EventSource(new URL('changes', import.meta.url))
  changes.onmessage = ({ data }) => {
    first ??= data
    if (data !== first) location.reload()
  }
  changes.onerror = () => {
    // The browser itself asks again after a cut connection, but not after an answer such as that of a server that is just starting.
    if (changes.readyState === EventSource.CLOSED) setTimeout(follow, 1000, first)
  }
}
follow()
