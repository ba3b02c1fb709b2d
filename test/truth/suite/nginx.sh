# nginx in the folder $1: EVENTS, HTTP, SERVER and MAIN are directives of those blocks, LOCATION those that answer.
set -eu
cat > "$1/nginx.conf" <<CONF
worker_processes 1; daemon off; pid nginx.pid; error_log stderr warn; ${MAIN:-}
events { ${EVENTS:-worker_connections 1024;} }
http {
  access_log off; keepalive_requests 100000; ${HTTP:-}
  server { listen $PORT; location = /healthz { return 200 "ok\n"; } location / { ${LOCATION:-return 200 "ok\n";} } }
}
CONF
exec nginx -p "$1" -e stderr -c "$1/nginx.conf"
