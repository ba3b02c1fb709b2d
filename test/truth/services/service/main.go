// Command service has one bottleneck, which its argument names; it listens on PORT and takes its numbers from the environment.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"
)

// answers are HTTP services, by their argument.
var answers = map[string]func() http.HandlerFunc{
	"sleep":  sleeping,
	"burn":   burning,
	"places": places,
	"pauses": pausing,
	"large":  large,
	"keep":   keeping,
	"dial":   dialling,
	"proxy":  proxying,
	"ask":    askingByUDP,
}

// servers listen in a way of their own.
var servers = map[string]func() error{
	"deaf": serveDeafly,
	"lazy": serveLazily,
	"udp":  serveUDP,
	// Ends well where the service of this PORT answers: a container's health check.
	"probe": probe,
}

func main() {
	mode := os.Args[1]
	if serve := servers[mode]; serve != nil {
		log.Fatal(serve())
	}
	handler := answers[mode]
	if handler == nil {
		log.Fatalf("no service named %s", mode)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", answerOK)
	mux.HandleFunc("/", handler())
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), mux))
}

func probe() error {
	answer, err := http.Get("http://127.0.0.1:" + os.Getenv("PORT") + "/healthz")
	if err == nil && answer.StatusCode == http.StatusOK {
		os.Exit(0)
	}
	return err
}

func answerOK(w http.ResponseWriter, _ *http.Request) {
	io.WriteString(w, "ok\n")
}

// number is a variable of the environment, or what holds without it.
func number(name string, otherwise int) int {
	if value, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return value
	}
	return otherwise
}

func milliseconds(name string, otherwise int) time.Duration {
	return time.Duration(number(name, otherwise)) * time.Millisecond
}
