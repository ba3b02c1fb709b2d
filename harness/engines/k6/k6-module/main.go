// Package main is k6, built from its pinned Go module, with one output more.
package main

import (
	"go.k6.io/k6/v2/cmd"
	"go.k6.io/k6/v2/output"
)

func main() {
	output.RegisterExtension("tunebench", newWindows)
	cmd.Execute()
}
