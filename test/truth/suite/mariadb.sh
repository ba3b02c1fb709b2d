# A real MariaDB in the folder $1, with MAX_CONNECTIONS. --no-defaults: the machine's own my.cnf must not reach it.
set -eu
common="--no-defaults --datadir=$1/mariadb --innodb-log-file-size=8M --innodb-buffer-pool-size=32M"
mkdir "$1/mariadb"
mariadb-install-db $common --auth-root-authentication-method=normal --skip-test-db
echo "CREATE USER tunebench@'%';" > "$1/mariadb/init.sql"
exec mariadbd $common --port="$PORT" --bind-address='*' --socket=m.sock --skip-name-resolve --performance-schema=OFF \
  --max-connections="$MAX_CONNECTIONS" --init-file="$1/mariadb/init.sql"
