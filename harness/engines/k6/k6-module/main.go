// Package main is the stock k6, built from its pinned Go module.
package main

import "go.k6.io/k6/v2/cmd"

func main() { cmd.Execute() }
