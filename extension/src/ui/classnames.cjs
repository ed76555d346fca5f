/** What argo-ui's sliding panel needs of `classnames`: a name, and names that depend. The bundler puts it in its place. */
module.exports = (name, others = {}) => [name, ...Object.keys(others).filter((other) => others[other])].join(' ');
