package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"time"
)

const patience = 3 * time.Second

// dialling opens a connection to UP for each request, keeps it for HOLD and closes first. Why a dial failed is in the log alone.
func dialling() http.HandlerFunc {
	hold := milliseconds("HOLD", 0)
	return func(w http.ResponseWriter, r *http.Request) {
		if err := askOnce(os.Getenv("UP"), hold); err != nil {
			log.Printf("upstream: %v", err)
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
			return
		}
		answerOK(w, r)
	}
}

func askOnce(address string, hold time.Duration) error {
	connection, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprint(connection, "GET / HTTP/1.1\r\nHost: up\r\n\r\n"); err != nil {
		return err
	}
	if _, err := bufio.NewReader(connection).ReadString('\n'); err != nil {
		return err
	}
	time.Sleep(hold)
	return nil
}

// proxying hands requests to UP over a pool of kept connections without a bound.
func proxying() http.HandlerFunc {
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: os.Getenv("UP")})
	proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 512, MaxIdleConns: 512}
	return proxy.ServeHTTP
}

// askingByUDP sends UP a datagram for each request and waits 300 ms for the answer.
func askingByUDP() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := askByUDP(os.Getenv("UP")); err != nil {
			log.Printf("upstream: %v", err)
			http.Error(w, "Gateway Timeout", http.StatusGatewayTimeout)
			return
		}
		answerOK(w, r)
	}
}

func askByUDP(address string) error {
	connection, err := net.Dial("udp", address)
	if err != nil {
		return err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(300 * time.Millisecond))
	if _, err := connection.Write(make([]byte, 512)); err != nil {
		return err
	}
	_, err = connection.Read(make([]byte, 16))
	return err
}
