// The peer: centrifuge, answering every POST with a fixed body and publishing it to everyone in one channel.
//
// main ANSWER.json [WRITE_DELAY], a file of {status, headers, body, frame}; `frame` is what is published, in which
// `NOW` becomes the time in epoch ms. WRITE_DELAY, such as 1ms: messages to a connection are collected for so long
// and written by timers instead of a goroutine each.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/centrifugal/centrifuge"
)

type answer struct {
	Status  int         `json:"status"`
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body"`
	Frame   string      `json:"frame"`
}

func main() {
	log.SetFlags(0)
	known, err := read(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	delay := time.Duration(0)
	if len(os.Args) > 2 {
		if delay, err = time.ParseDuration(os.Args[2]); err != nil {
			log.Fatal(err)
		}
	}
	node, err := newNode(delay)
	if err != nil {
		log.Fatal(err)
	}
	// A write's deadline costs a timer; Vendue has none either.
	live := centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{WriteTimeout: -1, UseWriteBufferPool: true})
	listening, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("centrifuge: http://localhost:%d\n", listening.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listening, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			credentials := &centrifuge.Credentials{UserID: ""}
			live.ServeHTTP(w, r.WithContext(centrifuge.SetCredentials(r.Context(), credentials)))
			return
		}
		known.give(node, w, r)
	})))
}

func read(path string) (*answer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found := &answer{}
	return found, json.Unmarshal(text, found)
}

func newNode(delay time.Duration) (*centrifuge.Node, error) {
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		return nil, err
	}
	node.OnConnecting(func(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{ReplyWithoutQueue: true, WriteDelay: delay, WriteWithTimer: delay > 0}, nil
	})
	node.OnConnect(func(client *centrifuge.Client) {
		client.OnSubscribe(func(_ centrifuge.SubscribeEvent, done centrifuge.SubscribeCallback) {
			done(centrifuge.SubscribeReply{}, nil)
		})
	})
	return node, node.Run()
}

func (known *answer) give(node *centrifuge.Node, w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	now := strconv.AppendInt(nil, time.Now().UnixMilli(), 10)
	if _, err := node.Publish("lot", bytes.Replace([]byte(known.Frame), []byte("NOW"), now, 1)); err != nil {
		log.Fatal(err)
	}
	for _, header := range known.Headers {
		w.Header().Set(header[0], header[1])
	}
	w.WriteHeader(known.Status)
	_, _ = io.WriteString(w, known.Body)
}
