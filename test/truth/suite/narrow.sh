# A token bucket of RATE on the interface that leads to the generator, then what it was given.
set -eu
device=$(ip -o route get 198.18.0.1 | sed 's/.* dev \([^ ]*\).*/\1/')
tc qdisc add dev "$device" root tbf rate "$RATE" burst 64kb latency 500ms
exec "$@"
